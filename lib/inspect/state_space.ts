import { UserError } from '../base/errors';
import { range } from '../base/range';
import { readable } from '../base/readable';
import type { DataSet } from '../data';
import { tf } from '../tfjs/tensorflow';
import { withoutTensors } from '../tfjs/without_tensors';
import { readCells } from './layers';
import { open, type Inspected } from './opened';
import { firstOf, overData } from './over_data';
import { principalPlane } from './principal_plane';
import { outputState } from './unit_traces';

/** The states of many images, in the plane in which they differ most. */
export interface StateSpace {
  /** The time steps that are shown, 0 for the first. */
  readonly steps: readonly number[];
  /** `x[i][image]`, `y[i][image]`: where each image is after `steps[i]`; the same plane for all of them. */
  readonly x: readonly Float32Array[];
  readonly y: readonly Float32Array[];
  /** The class of each image. */
  readonly labels: Uint8Array;
  /** The part of the variance of all states of these steps along x and along y, 0..1. */
  readonly explained: readonly [number, number];
}

/** Options of `stateSpace`. */
export interface StateSpaceOptions {
  /** Which time steps, 0 for the first. Default: all, of long sequences 28 at equal distances. */
  steps?: number | readonly number[];
  /** How many images, from the first. Default 2000. */
  examples?: number;
  /** 0 for the lowest. Default: the top one. */
  layer?: number;
  /** Default 'forward'. */
  direction?: 'forward' | 'backward';
}

const batchSize = 200;
const mostSteps = 28;

/**
 * The states h of a layer for many images, projected to two dimensions by principal components. All steps share one
 * projection, so that an image moves while rows come in.
 * @param inspected a model, a run, or a run's folder
 * @throws UserError for images of another size, or steps and layers that there are not
 *
 * @example
 * const { x, y, labels } = await stateSpace(run, mnist.test, { steps: [6, 13, 20, 27] });
 */
export async function stateSpace(
  inspected: Inspected,
  data: DataSet,
  { steps: wanted, examples = 2000, layer, direction = 'forward' }: StateSpaceOptions = {},
): Promise<StateSpace> {
  const { parts, release } = open(inspected, data);
  const some = firstOf(data, examples);
  try {
    const steps = chosenSteps(wanted, parts.sequence.numSteps);
    const batches = await overData(some, batchSize, images => {
      const layers = readCells(parts, parts.sequence.read(images)).flatMap(each => each.layers);
      const own = layers.filter(each => each.direction === direction);
      const chosen = own[layer ?? own.length - 1];
      if (!chosen) {
        throw new UserError(
          `Expected a layer of the ${own.length} that read ${direction}, found ${String(layer ?? 'none of them')}`,
        );
      }
      return steps.map(t => outputState(chosen.state)[t].arraySync());
    });
    return withoutTensors(() => {
      const states = steps.map((_, i) => tf.tensor2d(batches.flatMap(batch => batch[i])));
      if (states[0].shape[1] < 2) throw new UserError('Expected a layer of at least two units, found one');
      const { mean, axes, explained } = principalPlane(tf.concat(states, 0));
      const places = states.map(state =>
        tf.transpose(tf.matMul<tf.Tensor2D>(tf.sub<tf.Tensor2D>(state, mean), axes)).arraySync(),
      );
      const record: StateSpace = {
        steps,
        x: places.map(([x]) => Float32Array.from(x)),
        y: places.map(([, y]) => Float32Array.from(y)),
        labels: some.labels.slice(),
        explained,
      };
      return readable(record, { text: describe });
    });
  } finally {
    release();
  }
}

function chosenSteps(wanted: number | readonly number[] | undefined, numSteps: number): number[] {
  if (wanted === undefined) {
    const count = Math.min(numSteps, mostSteps);
    return range(count).map(i => Math.round(((i + 1) * numSteps) / count) - 1);
  }
  const steps = typeof wanted === 'number' ? [wanted] : [...wanted];
  const wrong = steps.find(step => !Number.isInteger(step) || step < 0 || step >= numSteps);
  if (wrong === undefined && steps.length > 0) return steps;
  throw new UserError(
    `Expected time steps from 0 to ${numSteps - 1}, found ${wrong === undefined ? 'none' : String(wrong)}`,
  );
}

function describe({ labels, steps, explained }: StateSpace): string {
  const [x, y] = explained.map(part => `${Math.round(100 * part)} %`);
  return `StateSpace of ${labels.length} images at ${steps.length} time steps; ${x} and ${y} of the variance`;
}
