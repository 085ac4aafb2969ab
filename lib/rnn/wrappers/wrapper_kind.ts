import { definesKinds } from '../../settings/kinds';
import type { RNNCell, State } from '../cell';

/**
 * What may be put around each layer's cell, as a choice in the hyperparameters.
 * @example
 * export const sumKind = wrapperKind('sum', {}, (_, cell) => new ResidualWrapper(cell));
 */
export const wrapperKind = definesKinds<[cell: RNNCell<State>], RNNCell>();

/** The cell as it is. */
export const noWrapper = wrapperKind('none', {}, (_, cell) => cell);
