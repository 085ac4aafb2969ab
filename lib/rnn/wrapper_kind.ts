import { definesKinds } from '../kinds';
import type { RNNCell, State } from './cell';

/** What a wrapper knows of its place in the network. */
export interface Place {
  /** 0 for the cell that reads the image. */
  readonly layer: number;
  /** Features per time step that the wrapped cell will get. */
  readonly inputSize: number;
}

/**
 * What may be put around each layer's cell, as a choice in the hyperparameters.
 * @example
 * export const zoneoutKind = wrapperKind('zoneout', { zoneoutProb }, (settings, cell) => new ZoneoutWrapper(cell, settings));
 */
export const wrapperKind = definesKinds<[cell: RNNCell<State>, place: Place], RNNCell>();

/** The cell as it is. */
export const noWrapper = wrapperKind('none', {}, (_, cell) => cell);
