import { tf } from '../../tfjs/tensorflow';

/** x held in ±limit, any shape; a limit of 0 is none. Where x was cut, it gets no gradient. */
export function clip<T extends tf.Tensor>(x: T, limit: number): T {
  return limit > 0 ? tf.clipByValue(x, -limit, limit) : x;
}
