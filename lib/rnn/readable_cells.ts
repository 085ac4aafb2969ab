/** Cells and wrappers show their sizes and what they are made of, one line each. */
import { readable } from '../base/readable';
import { countParameters, type RNNCell } from './cell';
import * as cells from './cells/cells';
import { DropoutWrapper } from './wrappers/dropout_wrapper';
import { EmbeddingWrapper } from './wrappers/embedding_wrapper';
import { MultiRNNCell } from './wrappers/multi_rnn_cell';
import * as wrappers from './wrappers/wrappers';

export function makeCellsReadable(): void {
  const exported = Object.values({ ...cells, ...wrappers, DropoutWrapper, EmbeddingWrapper, MultiRNNCell });
  for (const each of exported as { readonly prototype?: unknown }[]) {
    if (isCell(each.prototype)) readable(each.prototype, { text: textOf });
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
