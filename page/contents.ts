/** What the file holds beside the script: written by the command, read by the page. */
import type { HyperparametersInput } from '../lib/model/hyperparameters';

/** How the weights are stored; computed with are float32 in any case. */
export type WeightFormat = 'float32' | 'float16';

/** An image of the test data; its pixels are in `images`, in the same order. */
export interface TestImage {
  /** Its place among the test images. */
  readonly index: number;
  readonly label: number;
  readonly group: 'hardest' | 'ordinary';
}

export interface PageContents {
  /** The run's folder. */
  readonly run: string;
  readonly hyperparameters: HyperparametersInput;
  readonly rows: number;
  readonly columns: number;
  readonly numClasses: number;
  readonly classNames?: readonly string[];
  /** In the order of `weights`. */
  readonly tensors: readonly { readonly name: string; readonly shape: readonly number[] }[];
  readonly format: WeightFormat;
  /** Training steps made. */
  readonly step: number;
  /** Measured with the weights as they are in the file, and as they were trained. Undefined without test images. */
  readonly test?: { readonly numImages: number; readonly error: number; readonly errorAsTrained: number };
  /** At each test of the training: steps made, and fraction of the test images answered wrongly. */
  readonly curve: readonly { readonly step: number; readonly testError: number }[];
  readonly settings: readonly { readonly name: string; readonly value: string; readonly meaning: string }[];
  readonly images: readonly TestImage[];
}

/** The ids of the elements that hold data. */
export const dataIds = { contents: 'contents', weights: 'weights', images: 'images', wasm: 'wasm' } as const;

/** The values of all tensors, one after the other. */
export const sizeOf = (shape: readonly number[]): number => shape.reduce((size, length) => size * length, 1);
