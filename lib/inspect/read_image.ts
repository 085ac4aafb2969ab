/** Read an image and write down everything that happens: the record that `replay` returns. */
import { range } from '../base/range';
import { readable } from '../base/readable';
import { indexOfLargest } from '../base/statistics';
import type { ModelParts } from '../model/model';
import type { Sequence } from '../model/sequences';
import { tf } from '../tfjs/tensorflow';
import { withoutTensors } from '../tfjs/without_tensors';
import { answers } from './answers';
import { imageTensor, type InspectedImage } from './image';
import { readCells, type ByName } from './layers';

/** Numbers by time step and unit: `trace[step][unit]`. */
export type Trace = readonly Float32Array[];

/** What one layer of cells did in one direction. */
export interface LayerReplay {
  /** The backward direction reads from the last step to the first; its traces are in the order of time all the same. */
  readonly direction: 'forward' | 'backward';
  /** 0 for the lowest. */
  readonly layer: number;
  /** The state after each step, by name: `h` of a cell with one state, else as the cell names it: `c`, `h`, `0.c`, … */
  readonly state: Readonly<Record<string, Trace>>;
  /**
   * Gates and candidates by the names of the cell's equations: `r`, `u`, `c`; `i`, `j`, `f`, `o`; `0.F.i`, … Each as it
   * acts, after its sigmoid or tanh. Empty for a cell without gates.
   */
  readonly gates: Readonly<Record<string, Trace>>;
}

/** How a network read an image. */
export interface Replay {
  readonly image: InspectedImage;
  readonly numSteps: number;
  /** `reads[step]`: the pixels that are read then, by their index row · columns + column. */
  readonly reads: readonly (readonly number[])[];
  /** `logits[step][class]`: what the network would answer if the image ended after this step. */
  readonly logits: Trace;
  /** The same after softmax, 0..1. */
  readonly probabilities: Trace;
  /** The class with the largest probability after the last step. */
  readonly prediction: number;
  /** Layers of the forward direction from the lowest up, then those of the backward one. */
  readonly layers: readonly LayerReplay[];
}

/** As `replay`, with the parts of a network that is at hand. It needs no file, and runs in a browser as well. */
export function readImage(parts: ModelParts, image: InspectedImage): Replay {
  return withoutTensors(() => {
    const steps = parts.sequence.read(imageTensor(image));
    const directions = readCells(parts, steps);
    const logits = tf.concat(answers(parts, steps, directions[0].outputs), 0);
    const probabilities = traceOf(tf.softmax(logits));
    const record: Replay = {
      image,
      numSteps: steps.length,
      reads: pixelsRead(parts.sequence, image),
      logits: traceOf(logits),
      probabilities,
      prediction: indexOfLargest(probabilities[probabilities.length - 1]),
      layers: directions
        .flatMap(({ layers }) => layers)
        .map(({ direction, layer, state, gates }) => {
          return { direction, layer, state: traces(state), gates: traces(gates) };
        }),
    };
    return readable(record, { text: describe });
  });
}

/** Of one image. */
function traces(byName: ByName): Record<string, Trace> {
  const entries = Object.entries(byName);
  return Object.fromEntries(entries.map(([name, steps]) => [name, traceOf(tf.concat(steps, 0))]));
}

/** @param tensor [steps, width] */
function traceOf(tensor: tf.Tensor2D): Trace {
  const [steps, width] = tensor.shape;
  const values = tensor.dataSync<'float32'>();
  return range(steps).map(t => values.slice(t * width, (t + 1) * width));
}

/** Which pixels each step reads: those of an image whose pixels are their own numbers. */
function pixelsRead(sequence: Sequence, { rows, columns }: InspectedImage): number[][] {
  const indices = range(rows * columns);
  if (sequence.symbols) return indices.map(index => [index]); // brightness becomes a symbol there, in the usual order
  const steps = sequence.read(tf.tensor3d(indices, [1, rows, columns]));
  return tf.concat(steps, 0).arraySync();
}

function describe({ numSteps, layers, prediction, probabilities, image: { label } }: Replay): string {
  const sure = probabilities[numSteps - 1][prediction];
  const right =
    label === undefined ? '' : label === prediction ? ', which is right' : `, and it is a ${label}`;
  return `Replay of ${numSteps} time steps, ${layers.length} layers: taken for a ${prediction} with ${Math.round(100 * sure)} %${right}`;
}
