import { definesKinds } from '../kinds';
import { flag, real } from '../setting_types';
import type { RNNCell } from './cell';

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
