/** What each unit of a layer keeps and answers to, over the images of a data set. */
import { range } from '../base/range';
import type { DataSet } from '../data';
import type { ModelParts } from '../model/model';
import type { KeepGate, RNNCell } from '../rnn/cell';
import { tf } from '../tfjs/tensorflow';
import { readCells, type ByName, type Direction, type LayerSteps } from './layers';
import { cellLayers } from './masked_cell';
import { overData } from './over_data';

export interface LayerUnits {
  readonly direction: Direction;
  readonly layer: number;
  /** For each unit the steps after which 1/e of what it held is left; undefined for a cell that does not say. */
  readonly remembers?: readonly number[];
  /** `activity[class][unit]`: the mean state after everything was read. */
  readonly activity: readonly Float32Array[];
}

const batchSize = 200;
/** A gate this far shut counts as shut. */
const smallest = 1e-7;

export async function unitTraces(parts: ModelParts, data: DataSet): Promise<LayerUnits[]> {
  const batches = await overData(data, batchSize, (images, { indices }) => {
    const steps = parts.sequence.read(images);
    const labels = tf.tensor1d(
      [...indices].map(index => data.label(index)),
      'int32',
    );
    const byClass = tf.oneHot(labels, data.numClasses).toFloat() as tf.Tensor2D;
    return readCells(parts, steps).flatMap(({ layers }) =>
      layers.map(layer => ({ layer, sums: sumsOf(layer, byClass, keepGateOf(parts, layer)) })),
    );
  });
  const counts = range(data.numClasses).map(c => data.labels.filter(label => label === c).length);
  return batches[0].map(({ layer: { direction, layer } }, i) => {
    const sums = batches.map(batch => batch[i].sums);
    const activity = counts.map((count, c) =>
      meanOf(
        sums.map(({ active }) => active[c]),
        count,
      ),
    );
    const kept = sums.flatMap(({ logKeep }) => (logKeep ? [logKeep] : []));
    const terms = data.numExamples * sums[0].numSteps;
    const remembers = kept.length > 0 ? [...meanOf(kept, terms)].map(log => -1 / log) : undefined;
    return { direction, layer, activity, ...(remembers && { remembers }) };
  });
}

function sumsOf({ direction, state, gates }: LayerSteps, byClass: tf.Tensor2D, keep?: KeepGate) {
  const steps = outputState(state);
  const last = direction === 'forward' ? steps[steps.length - 1] : steps[0];
  const active = tf
    .matMul<tf.Tensor2D>(byClass, last, true)
    .arraySync()
    .map(row => Float32Array.from(row));
  const gate = keep && gates[keep.gate];
  const logs = gate?.map(open => {
    const kept = keep?.open === 'keeps' ? open : tf.sub<tf.Tensor2D>(1, open);
    return tf.sum(tf.log(tf.maximum(kept, smallest)), 0);
  });
  return { active, numSteps: steps.length, logKeep: logs && tf.addN(logs).dataSync<'float32'>().slice() };
}

/** The part of a state that goes up as the output: h; of a cell with other names the first. */
export function outputState(state: ByName): tf.Tensor2D[] {
  return state.h ?? Object.values(state)[0];
}

function meanOf(sums: readonly Float32Array[], count: number): Float32Array {
  return sums[0].map((_, unit) => sums.reduce((sum, each) => sum + each[unit], 0) / Math.max(1, count));
}

function keepGateOf(
  { forward, backward }: ModelParts,
  { direction, layer }: LayerSteps,
): KeepGate | undefined {
  const network = direction === 'forward' ? forward : backward;
  return network && gateWithin(cellLayers(network)[layer]);
}

/** Of a cell, or of the one that it wraps. */
function gateWithin(cell: RNNCell): KeepGate | undefined {
  if (cell.keepGate) return cell.keepGate;
  const { cell: inner } = cell as { readonly cell?: RNNCell };
  return inner && gateWithin(inner);
}
