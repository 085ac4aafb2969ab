/** Cells and wrappers show their sizes and what they are made of, one line each. */
import { readable } from '../base/readable';
import { BaseCell } from './base_cell';
import type { RNNCell } from './cell';
import { countParameters } from './weights';
import { CellWrapper } from './wrappers/cell_wrapper';
import { MultiRNNCell } from './wrappers/multi_rnn_cell';

export function makeCellsReadable(): void {
  for (const { prototype } of [BaseCell, CellWrapper, MultiRNNCell]) {
    readable(prototype as RNNCell, { text: textOf });
  }
}

/**
 *     MultiRNNCell: 28 → 200, 377,400 parameters
 *       GRUCell: 28 → 200, 137,400 parameters
 *       GRUCell: 200 → 200, 240,600 parameters
 */
function textOf(cell: RNNCell): string {
  const count = countParameters(cell);
  const size =
    cell.inputSize === undefined ? `${cell.outputSize} units` : `${cell.inputSize} → ${cell.outputSize}`;
  const state = count > 0 ? `${count.toLocaleString('en')} parameters` : 'not built yet';
  const inner = Object.values(cell)
    .flat()
    .filter(isCell)
    .flatMap(each => textOf(each).split('\n'));
  return [`${cell.constructor.name}: ${size}, ${state}`, ...inner.map(line => `  ${line}`)].join('\n');
}

function isCell(value: unknown): value is RNNCell {
  const { call, zeroState } = (value ?? {}) as Partial<RNNCell>;
  return typeof call === 'function' && typeof zeroState === 'function';
}
