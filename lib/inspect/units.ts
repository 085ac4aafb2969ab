import { compile } from '../compile/compile';
import { percent } from '../base/format';
import { range } from '../base/range';
import { readable } from '../base/readable';
import { throwIfInterrupted } from '../base/interrupt';
import type { DataSet } from '../data';
import type { ModelParts } from '../model/model';
import { tf } from '../tfjs/tensorflow';
import { masked } from './masked_cell';
import { open, type Inspected } from './opened';
import { firstOf, overData } from './over_data';
import { unitTraces, type LayerUnits } from './unit_traces';
import { wholeLogits } from './whole_logits';

/** What one unit does. */
export interface Unit {
  readonly direction: 'forward' | 'backward';
  /** 0 for the lowest. */
  readonly layer: number;
  /** Its place in the layer. */
  readonly unit: number;
  /**
   * In time steps: after so many, 1/e of what it held is left (−1 / the mean of ln keep over all images and steps).
   * Undefined for a cell that does not say which gate keeps.
   */
  readonly remembers?: number;
  /** By class: its mean state after everything was read. */
  readonly activity: Float32Array;
  /** Part answered wrongly without it, 0..1: its state and output set to 0 after each step. Undefined if not asked for. */
  readonly errorWithout?: number;
}

/** What all units of a network do. */
export interface Units {
  readonly numExamples: number;
  /** Part answered wrongly with all units, 0..1. */
  readonly error: number;
  /** Layer by layer, in their order. */
  readonly units: readonly Unit[];
}

/** Options of `units`. */
export interface UnitsOptions {
  /** How many images, from the first. Default 1000. */
  examples?: number;
  /** Measure the error without each unit, which reads all images once for each. Default true. */
  silence?: boolean;
  /** Is called after each unit that was silenced: for the post's network it takes a minute or two. Default none. */
  onProgress?: (done: number, total: number) => void;
}

const batchSize = 500;
/** In time steps: the graph of a longer sequence takes longer to build than it saves. */
const longestGraph = 60;

/**
 * For each unit of each layer: how long it remembers, from its gates; what it answers to, its mean state by class; and
 * what the error becomes without it.
 * @param inspected a model, a run, or a run's folder
 * @throws UserError for images of another size, or a model that does not say what it is made of
 *
 * @example
 * const { units: all, error } = await units(run, mnist.test, { examples: 500 });
 * const important = all.filter(({ errorWithout = 0 }) => errorWithout > error + 0.01);
 */
export async function units(
  inspected: Inspected,
  data: DataSet,
  { examples = 1000, silence = true, onProgress }: UnitsOptions = {},
): Promise<Units> {
  const { parts, release } = open(inspected, data);
  const some = firstOf(data, examples);
  try {
    const layers = await unitTraces(parts, some);
    const { error, without } = await errors(parts, some, layers, silence, onProgress);
    const record: Units = {
      numExamples: some.numExamples,
      error,
      units: layers.flatMap(({ direction, layer, remembers, activity }, l) =>
        range(activity[0].length).map(unit => ({
          ...{ direction, layer, unit, activity: Float32Array.from(activity, means => means[unit]) },
          ...(remembers && { remembers: remembers[unit] }),
          ...(without && { errorWithout: without[l][unit] }),
        })),
      ),
    };
    return readable(record, { text: describe });
  } finally {
    release();
  }
}

type Masks = readonly tf.Tensor2D[];

/** With all units, and by layer and unit without each. */
async function errors(
  parts: ModelParts,
  data: DataSet,
  layers: readonly LayerUnits[],
  silence: boolean,
  onProgress: UnitsOptions['onProgress'],
): Promise<{ error: number; without?: number[][] }> {
  const numForward = layers.filter(({ direction }) => direction === 'forward').length;
  const classify = (images: tf.Tensor3D, masks: Masks) => {
    const forward = masked(parts.forward, masks.slice(0, numForward));
    const backward = parts.backward && masked(parts.backward, masks.slice(numForward));
    return tf.argMax(wholeLogits({ ...parts, forward, backward }, images), 1);
  };
  const graph =
    parts.sequence.numSteps > longestGraph || !silence
      ? undefined
      : compile(classify, { name: 'network with silenced units' });
  const widths = layers.map(({ activity }) => activity[0].length);
  const errorWith = async (silenced?: { layer: number; unit: number }) => {
    const wrong = await overData(data, batchSize, (images, { indices }) => {
      const masks = widths.map((width, l) =>
        tf.tensor2d([range(width).map(u => Number(l !== silenced?.layer || u !== silenced.unit))]),
      );
      const classes = (graph ?? classify)(images, masks).dataSync();
      return indices.filter((index, i) => classes[i] !== data.label(index)).length;
    });
    return wrong.reduce((sum, count) => sum + count, 0) / data.numExamples;
  };
  try {
    const error = await errorWith();
    if (!silence) return { error };
    const without: number[][] = [];
    const total = widths.reduce((sum, width) => sum + width, 0);
    let done = 0;
    for (const [layer, width] of widths.entries()) {
      const ofLayer: number[] = [];
      for (const unit of range(width)) {
        throwIfInterrupted();
        ofLayer.push(await errorWith({ layer, unit }));
        onProgress?.(++done, total);
      }
      without.push(ofLayer);
    }
    return { error, without };
  } finally {
    graph?.dispose();
  }
}

function describe({ numExamples, error, units: all }: Units): string {
  const worst = Math.max(...all.map(({ errorWithout = -1 }) => errorWithout));
  const most = worst < 0 ? '' : `, ${percent(worst)} without the most important one`;
  return `Units: ${all.length} of them on ${numExamples} images; ${percent(error)} wrong${most}`;
}
