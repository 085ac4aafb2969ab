import type { Random } from '../../../base/random';
import type { Variables } from '../../cell';
import { tf } from '../../../tfjs/tensorflow';
import { glorotVariable } from '../../layers/initializers';

/** What a grid cell puts in the place of a state: h = x·P_m and, for an LSTM, c = x·P_c; without a bias. */
export class InputToState {
  readonly variables: Variables;

  /** @param memory whether there is a c */
  constructor(inputSize: number, units: number, random: Random, { memory = true } = {}) {
    const kernel = (name: string) => glorotVariable([inputSize, units], random.fork(name));
    this.variables = { m: kernel('m'), ...(memory && { c: kernel('c') }) };
  }

  /** @param x [batch, inputSize]; @returns [batch, units] */
  h(x: tf.Tensor2D): tf.Tensor2D {
    return tf.matMul(x, this.variables.m);
  }

  /** @param x [batch, inputSize]; @returns [batch, units] */
  c(x: tf.Tensor2D): tf.Tensor2D {
    return tf.matMul(x, this.variables.c);
  }
}
