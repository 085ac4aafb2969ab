import { tf } from '../tfjs/tensorflow';
import type { State, StateSize } from './cell';
import { checkInteger } from './checks';

/** A state of this size, all zero. */
export function zeros<S extends State>(size: StateSize, batchSize: number): S {
  checkInteger('the batch size of zeroState', batchSize, 0);
  const fill = (part: StateSize): State => {
    if (typeof part === 'number') return tf.zeros([batchSize, part]);
    if (isList(part)) return part.map(fill);
    return Object.fromEntries(Object.entries(part).map(([name, each]) => [name, fill(each)]));
  };
  return fill(size) as S;
}

const isList = (size: StateSize): size is readonly StateSize[] => Array.isArray(size);
