import type { Random } from '../random';
import { tf } from '../tensorflow';
import type { Variables } from './cell';
import { glorotUniform } from './initializers';
import type { LSTMState } from './lstm_cell';

/** What a grid cell puts in the place of an LSTM's state: h = x·P_m and c = x·P_c, without a bias. */
export class InputToState {
  readonly variables: Variables;

  constructor(inputSize: number, units: number, random: Random) {
    const kernel = (name: string) =>
      tf.tidy(() => tf.variable(glorotUniform([inputSize, units], random.fork(name))));
    this.variables = { m: kernel('m'), c: kernel('c') };
  }

  /** @param x [batch, inputSize]; @returns c and h [batch, units] */
  call(x: tf.Tensor2D): LSTMState {
    const { m, c } = this.variables;
    return { c: tf.matMul(x, c), h: tf.matMul(x, m) };
  }
}
