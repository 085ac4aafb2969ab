import type { InspectedImage } from './image';
import { open, type Inspected } from './opened';
import { readImage, type Replay } from './read_image';

export type { LayerReplay, Replay, Trace } from './read_image';

/**
 * Read an image again and write down everything: for each time step and layer the state, every gate and candidate, and
 * what the network would answer if the image ended there (the output layer applied to the top output of that step, or
 * to the outputs until then, as the pooling has it). Without dropout, equation by equation.
 *
 * Any cell and wrapper, any sequence, one direction or both. In the backward direction states and gates are those of
 * reading the whole image; the answer after a step is that of reading back from there.
 * @param inspected a model, a run, or a run's folder
 * @param image as `data.example(i)` returns it
 * @throws UserError for an image of another size, or a model that does not say what it is made of
 *
 * @example
 * const { probabilities, layers } = replay(run, mnist.test.example(7));
 * const u = layers[0].gates.u; // u[step][unit], 0..1: how much of its state each unit kept
 */
export function replay(inspected: Inspected, image: InspectedImage): Replay {
  const { parts, release } = open(inspected, image);
  try {
    return readImage(parts, image);
  } finally {
    release();
  }
}
