import { definesKinds } from '../../settings/kinds';
import { flag, integer, real } from '../../settings/setting_types';
import type { RNNCell } from '../cell';

/**
 * A cell as a choice in the hyperparameters.
 * @example
 * export const lstmKind = cellKind('lstm', { forgetBias }, (settings, units) => new LSTMCell(units, settings));
 */
export const cellKind = definesKinds<[units: number], RNNCell>();

// Settings that several cells have.

export const forgetBias = real(-10, 10, 1, {
  description: 'added to the forget gate: positive keeps the memory at first',
});
export const peepholes = flag(false, { description: 'let the gates see the memory' });
const limit = (what: string) =>
  real(0, 1e6, 0, { description: `largest ${what}, positive or negative; 0: no limit`, scale: 'log' });
export const cellClip = limit('value of the memory');
export const projClip = limit('value of the projected output');
export const numProj = integer(0, 4096, 0, {
  description: 'width to which the output is projected; 0: no projection',
  unit: 'units',
});
