import type { Random } from '../random';
import { tf } from '../tensorflow';
import { lstmBlockCell, type Peepholes } from './block_cells';
import { built, checkUnits } from './built';
import type { RNNCell, Variables } from './cell';
import { cellKind, forgetBias, peepholes } from './cell_kind';
import { glorotUniform } from './initializers';
import { Linear } from './linear';

export interface LSTMOptions {
  /** Added to the forget gate before σ, so that at first the cell keeps what it knows. Default 1. */
  forgetBias?: number;
  /** Let the gates see the cell's memory c as well (Gers & Schmidhuber 2000). Default false. */
  peepholes?: boolean;
  /** Run a time step as one kernel of TensorFlow rather than equation by equation: the same numbers, sooner. Default true. */
  fused?: boolean;
}

/** c, the memory [batch, units], and h, the output of the step before [batch, units]. */
export type LSTMState = { readonly c: tf.Tensor2D; readonly h: tf.Tensor2D };

/**
 * Long short-term memory (Hochreiter & Schmidhuber 1997; TensorFlow 1: tf.nn.rnn_cell.LSTMCell):
 *
 *     [i, j, f, o] = [x, h]·W + b
 *     c' = σ(f + forgetBias)⊙c + σ(i)⊙tanh(j)
 *     h' = σ(o)⊙tanh(c')
 *
 * with peepholes: f += w_f⊙c, i += w_i⊙c, o += w_o⊙c'. The output is h'.
 * Initial values: W glorot uniform, b 0 (the forget bias is added at run time, not stored), each w uniform ±√(3/units).
 */
export class LSTMCell implements RNNCell<LSTMState> {
  readonly outputSize: number;
  readonly fused: boolean;
  private readonly forgetBias: number;
  private readonly peepholes: boolean;
  private weights?: { gates: Linear; peepholes?: { [name in keyof Peepholes]: tf.Variable<tf.Rank.R1> } };

  constructor(units: number, { forgetBias = 1, peepholes = false, fused = true }: LSTMOptions = {}) {
    this.outputSize = checkUnits(units, 'LSTMCell');
    this.forgetBias = forgetBias;
    this.peepholes = peepholes;
    this.fused = fused;
  }

  get variables(): Variables {
    return this.weights ? { ...this.weights.gates.variables, ...this.weights.peepholes } : {};
  }

  build(inputSize: number, random: Random): this {
    const units = this.outputSize;
    const peephole = (name: string) =>
      tf.tidy(() => tf.variable(glorotUniform([units], random.fork(name)) as tf.Tensor1D));
    this.weights = {
      gates: new Linear(inputSize + units, 4 * units, random.fork('gates')),
      ...(this.peepholes && {
        peepholes: { w_f: peephole('w_f'), w_i: peephole('w_i'), w_o: peephole('w_o') },
      }),
    };
    return this;
  }

  zeroState(batchSize: number): LSTMState {
    const shape: [number, number] = [batchSize, this.outputSize];
    return { c: tf.zeros(shape), h: tf.zeros(shape) };
  }

  call(x: tf.Tensor2D, state: LSTMState): { output: tf.Tensor2D; state: LSTMState } {
    const { gates, peepholes } = built(this.weights, 'LSTMCell');
    const { forgetBias } = this;
    const [c, h] = (this.fused ? lstmBlockCell : equations)(x, state, gates, { forgetBias, peepholes });
    return { output: h, state: { c, h } };
  }
}

function equations(
  x: tf.Tensor2D,
  { c, h }: LSTMState,
  gates: Linear,
  { forgetBias, peepholes }: { forgetBias: number; peepholes?: Peepholes },
): [c: tf.Tensor2D, h: tf.Tensor2D] {
  const peep = (gate: tf.Tensor, name: keyof Peepholes, memory: tf.Tensor): tf.Tensor =>
    peepholes ? tf.add(gate, tf.mul(peepholes[name], memory)) : gate;

  const [i, j, f, o] = tf.split(gates.call(tf.concat([x, h], 1)), 4, 1);
  const keep = tf.sigmoid(tf.add(peep(f, 'w_f', c), forgetBias)); // forget gate: how much memory to keep
  const write = tf.sigmoid(peep(i, 'w_i', c)); // input gate: how much of the candidate to write
  const newC = tf.add<tf.Tensor2D>(tf.mul(keep, c), tf.mul(write, tf.tanh(j)));
  const show = tf.sigmoid(peep(o, 'w_o', newC)); // output gate: how much of the memory to show
  return [newC, tf.mul<tf.Tensor2D>(show, tf.tanh(newC))];
}

export const lstmKind = cellKind(
  'lstm',
  { forgetBias, peepholes },
  (settings, units) => new LSTMCell(units, settings),
);
