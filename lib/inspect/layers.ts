/** What the cells of a network do at each time step, as tensors; to be called within `tf.tidy`. */
import type { ModelParts } from '../model/model';
import type { Gates, RNNCell, State } from '../rnn/cell';
import { inspection, type Pass } from '../rnn/pass';
import { MultiRNNCell } from '../rnn/wrappers/multi_rnn_cell';
import { mapTensors, type Nested } from '../tfjs/structure';
import type { tf } from '../tfjs/tensorflow';

export type Direction = 'forward' | 'backward';

/** By name, one [batch, width] for each time step. */
export type ByName = Record<string, tf.Tensor2D[]>;

/** A layer in one direction. Time steps are in the order of time, also those of the backward direction. */
export interface LayerSteps {
  readonly direction: Direction;
  /** 0 for the lowest. */
  readonly layer: number;
  readonly state: ByName;
  readonly gates: ByName;
}

export interface CellSteps {
  /** One [batch, outputSize] for each time step, in the order of time. */
  readonly outputs: tf.Tensor2D[];
  readonly layers: LayerSteps[];
}

/** @param steps a list with one [batch, features] for each time step */
export function readCells({ forward, backward }: ModelParts, steps: readonly tf.Tensor2D[]): CellSteps[] {
  const there = readCell(forward, steps, 'forward');
  return backward ? [there, readCell(backward, steps, 'backward')] : [there];
}

/** Read with one cell, step by step. @param pass Default: with the gates */
export function readCell(
  cell: RNNCell,
  steps: readonly tf.Tensor2D[],
  direction: Direction,
  pass: Pass = inspection,
): CellSteps {
  const inOrder = <T>(list: readonly T[]): T[] => (direction === 'forward' ? [...list] : [...list].reverse());
  let state = cell.zeroState(steps[0].shape[0]);
  const read = inOrder(steps).map(x => {
    const step = cell.call(x, state, pass);
    state = step.state;
    return step;
  });
  const inTime = inOrder(read);
  const { layers } = layersOf(cell, inTime[0].state, inTime[0].gates);
  const byStep = inTime.map(step => layersOf(cell, step.state, step.gates).layers);
  return {
    outputs: inTime.map(({ output }) => output),
    layers: layers.map((_, layer) => ({
      direction,
      layer,
      state: byName(byStep.map(all => all[layer].state)),
      gates: byName(byStep.map(all => all[layer].gates)),
    })),
  };
}

/** The layers of a MultiRNNCell; any other cell is one layer. */
function layersOf(
  cell: RNNCell,
  state: State,
  gates: Gates = {},
): { layers: { state: State; gates: Gates }[] } {
  if (!(cell instanceof MultiRNNCell)) return { layers: [{ state, gates }] };
  const [states, all] = [state, gates] as [readonly State[], readonly Gates[]];
  return { layers: states.map((each, i) => ({ state: each, gates: all[i] })) };
}

function byName(steps: readonly Nested<tf.Tensor2D>[]): ByName {
  const result: ByName = {};
  for (const step of steps) {
    mapTensors(step, (tensor, path) => void (result[path.join('.') || 'h'] ??= []).push(tensor));
  }
  return result;
}
