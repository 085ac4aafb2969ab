import type { Random } from '../random';
import { tf } from '../tensorflow';
import { built, checkUnits } from './built';
import type { RNNCell, Variables } from './cell';
import { cellKind, forgetBias, peepholes } from './cell_kind';
import { glorotUniform } from './initializers';
import { Linear } from './linear';
import type { LSTMState } from './lstm_cell';

/**
 * An LSTM whose input gate is what the forget gate leaves (Greff et al. 2015, "LSTM: A Search Space Odyssey", CIFG;
 * tensorflow/contrib/rnn/python/ops/rnn_cell.py: CoupledInputForgetGateLSTMCell):
 *
 *     [j, f, o] = [x, h]·W + b
 *     k  = σ(f + forgetBias)
 *     c' = k⊙c + (1−k)⊙tanh(j)
 *     h' = σ(o)⊙tanh(c')
 *
 * with peepholes: f += w_f⊙c, o += w_o⊙c'. Three quarters of an LSTM's weights. State: c and h [batch, units]; the
 * output is h'. Initial values: W glorot uniform, b 0, each w uniform ±√(3/units). The original's projection and its
 * layer normalisation are not here.
 */
export class CoupledInputForgetGateLSTMCell implements RNNCell<LSTMState> {
  readonly outputSize: number;
  private readonly forgetBias: number;
  private readonly peepholes: boolean;
  private weights?: { gates: Linear; peepholes?: { w_f: tf.Variable; w_o: tf.Variable } };

  constructor(
    units: number,
    { forgetBias = 1, peepholes = false }: { forgetBias?: number; peepholes?: boolean } = {},
  ) {
    this.outputSize = checkUnits(units, 'CoupledInputForgetGateLSTMCell');
    this.forgetBias = forgetBias;
    this.peepholes = peepholes;
  }

  get variables(): Variables {
    return this.weights ? { ...this.weights.gates.variables, ...this.weights.peepholes } : {};
  }

  build(inputSize: number, random: Random): this {
    const units = this.outputSize;
    const peephole = (name: string) => tf.tidy(() => tf.variable(glorotUniform([units], random.fork(name))));
    this.weights = {
      gates: new Linear(inputSize + units, 3 * units, random.fork('gates')),
      ...(this.peepholes && { peepholes: { w_f: peephole('w_f'), w_o: peephole('w_o') } }),
    };
    return this;
  }

  zeroState(batchSize: number): LSTMState {
    const shape: [number, number] = [batchSize, this.outputSize];
    return { c: tf.zeros(shape), h: tf.zeros(shape) };
  }

  call(x: tf.Tensor2D, { c, h }: LSTMState): { output: tf.Tensor2D; state: LSTMState } {
    const { gates, peepholes } = built(this.weights, 'CoupledInputForgetGateLSTMCell');
    const [j, f, o] = tf.split(gates.call(tf.concat([x, h], 1)), 3, 1);
    const forget = peepholes ? tf.add(f, tf.mul(peepholes.w_f, c)) : f;
    const keep = tf.sigmoid(tf.add(forget, this.forgetBias));
    const newC = tf.add<tf.Tensor2D>(tf.mul(keep, c), tf.mul(tf.sub(1, keep), tf.tanh(j)));
    const show = tf.sigmoid(peepholes ? tf.add(o, tf.mul(peepholes.w_o, newC)) : o);
    const output = tf.mul<tf.Tensor2D>(show, tf.tanh(newC));
    return { output, state: { c: newC, h: output } };
  }
}

export const coupledInputForgetGateLSTMKind = cellKind(
  'cifgLstm',
  { forgetBias, peepholes },
  (settings, units) => new CoupledInputForgetGateLSTMCell(units, settings),
);
