import { tf } from './tensorflow';

/** As `tf.tidy`, for work whose result holds no tensors: the result is not searched for some. */
export function withoutTensors<T>(work: () => T): T {
  let result: T;
  tf.tidy(() => {
    result = work();
  });
  return result!;
}
