import { mapNested } from '../tfjs/structure';
import { tf } from '../tfjs/tensorflow';
import type { State, StateSize } from './cell';
import { checkInteger } from './checks';

/** A state of this size, all zero. */
export function zeros<S extends State>(size: StateSize, batchSize: number): S {
  checkInteger('the batch size of zeroState', batchSize, 0);
  const isWidth = (part: StateSize): part is number => typeof part === 'number';
  return mapNested(size, isWidth, width => tf.zeros<tf.Rank.R2>([batchSize, width])) as S;
}
