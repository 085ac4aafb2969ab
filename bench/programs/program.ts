import type { NetworkSize } from '../network_size';

/** What a process of the benchmark can do with a network; its methods are what is timed. */
export interface Program {
  /** Build the network, ready for the first step. */
  build(size: NetworkSize): void;
  /** One training step on the next batch of the training images, up to the loss as a number. */
  step(): Promise<number>;
  /** The class of each of the 10,000 test images, 1,000 at a time. */
  classify(): Promise<Uint8Array>;
}
