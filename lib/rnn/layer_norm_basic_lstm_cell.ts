import { dropout } from '../compile/dropout';
import type { Random } from '../random';
import { flag, part, real } from '../setting_types';
import { tf } from '../tensorflow';
import { built, checkUnits } from './built';
import { prefixed, type RNNCell, type Variables } from './cell';
import { cellKind, forgetBias } from './cell_kind';
import { glorotUniform } from './initializers';
import type { LSTMState } from './lstm_cell';
import type { Pass } from './pass';

export interface LayerNormLSTMOptions {
  /** Added to the forget gate before σ. Default 1. */
  forgetBias?: number;
  /** Without it, biases take the place of all five LN. Default true. */
  layerNorm?: boolean;
  /** Initial value of each gamma. Default 1. */
  normGain?: number;
  /** Initial value of each beta. Default 0. */
  normShift?: number;
  /** Part of the candidate that a training pass drops, in [0, 1). Default 0. */
  recurrentDropout?: number;
  /** Added to the variance before its root. Default 1e-12. */
  normEpsilon?: number;
}

const normalised = ['input', 'transform', 'forget', 'output', 'state'] as const;
const defaults: Required<LayerNormLSTMOptions> = {
  forgetBias: 1,
  layerNorm: true,
  normGain: 1,
  normShift: 0,
  recurrentDropout: 0,
  normEpsilon: 1e-12,
};
type Norms = Record<(typeof normalised)[number], { gamma: tf.Variable; beta: tf.Variable }>;

/**
 * An LSTM with layer normalisation (Ba et al. 2016) and recurrent dropout (Semeniuta et al. 2016;
 * tensorflow/contrib/rnn/python/ops/rnn_cell.py: LayerNormBasicLSTMCell):
 *
 *     [i, j, f, o] = [x, h]·W       each then LN; without layerNorm: + b, and no LN anywhere
 *     g  = dropout(tanh(j))
 *     c' = LN(σ(f + forgetBias)⊙c + σ(i)⊙g)
 *     h' = σ(o)⊙tanh(c')
 *     LN(z) = gamma⊙(z − mean)/√(variance + normEpsilon) + beta, over the units
 *
 * The normalised c' is what is carried on. State: c and h [batch, units]; the output is h'. Initial values: W glorot
 * uniform, each gamma normGain, each beta normShift, b uniform ±√(3/(4·units)). The original fixes normEpsilon at
 * 1e-12, the default here. Ours differs in one thing, the gradient of LN where z is the same in all units: it is 0 (see
 * `normalise`). With the original's, a few blank rows at the start of an image make it overflow.
 */
export class LayerNormBasicLSTMCell implements RNNCell<LSTMState> {
  readonly outputSize: number;
  private readonly options: Required<LayerNormLSTMOptions>;
  private weights?: { kernel: tf.Variable<tf.Rank.R2>; bias?: tf.Variable; norms?: Norms };

  constructor(units: number, options: LayerNormLSTMOptions = {}) {
    this.outputSize = checkUnits(units, 'LayerNormBasicLSTMCell');
    this.options = { ...defaults, ...options };
  }

  get variables(): Variables {
    if (!this.weights) return {};
    const { kernel, bias, norms } = this.weights;
    const all = Object.entries(norms ?? {}).map(([name, norm]) => prefixed(name, norm));
    return Object.assign({ kernel, ...(bias && { bias }) }, ...all) as Variables;
  }

  build(inputSize: number, random: Random): this {
    const units = this.outputSize;
    const { layerNorm, normGain, normShift } = this.options;
    const filled = (size: number, value: number) => tf.tidy(() => tf.variable(tf.fill([size], value)));
    const norm = () => ({ gamma: filled(units, normGain), beta: filled(units, normShift) });
    const shape = [inputSize + units, 4 * units];
    this.weights = {
      kernel: tf.tidy(() => tf.variable(glorotUniform(shape, random.fork('kernel')) as tf.Tensor2D)),
      ...(layerNorm
        ? { norms: Object.fromEntries(normalised.map(name => [name, norm()])) as Norms }
        : { bias: tf.tidy(() => tf.variable(glorotUniform([4 * units], random.fork('bias')))) }),
    };
    return this;
  }

  zeroState(batchSize: number): LSTMState {
    const shape: [number, number] = [batchSize, this.outputSize];
    return { c: tf.zeros(shape), h: tf.zeros(shape) };
  }

  call(x: tf.Tensor2D, { c, h }: LSTMState, pass: Pass): { output: tf.Tensor2D; state: LSTMState } {
    const { kernel, bias, norms } = built(this.weights, 'LayerNormBasicLSTMCell');
    const { forgetBias, recurrentDropout, normEpsilon } = this.options;
    const norm = (z: tf.Tensor, name: keyof Norms) => (norms ? normalise(z, norms[name], normEpsilon) : z);
    const product = tf.matMul(tf.concat([x, h], 1), kernel);
    const [i, j, f, o] = tf.split(bias ? tf.add(product, bias) : product, 4, 1);
    const candidate = tf.tanh(norm(j, 'transform'));
    const drops = pass.training && recurrentDropout > 0;
    const g = drops ? dropout(candidate, 1 - recurrentDropout, pass.nextSeed()) : candidate;
    const keep = tf.sigmoid(tf.add(norm(f, 'forget'), forgetBias));
    const memory = tf.add(tf.mul(keep, c), tf.mul(tf.sigmoid(norm(i, 'input')), g));
    const newC = norm(memory, 'state') as tf.Tensor2D;
    const output = tf.mul<tf.Tensor2D>(tf.sigmoid(norm(o, 'output')), tf.tanh(newC));
    return { output, state: { c: newC, h: output } };
  }
}

/**
 * LN(z). Where z is the same in all units, LN(z) is beta, and the gradient by z is taken to be 0. The derivative there
 * is gamma/√epsilon: a million, though only within a millionth of z. So it is at each time step before the first row
 * that is not blank, as long as every beta is 0: after seven such steps the gradient is more than a float32 holds.
 */
function normalise(
  z: tf.Tensor,
  { gamma, beta }: { gamma: tf.Variable; beta: tf.Variable },
  epsilon: number,
): tf.Tensor {
  const centred = tf.sub(z, tf.mean(z, 1, true));
  const variance = tf.mean(tf.square(centred), 1, true);
  const scale = tf.mul(tf.rsqrt(tf.add(variance, epsilon)), tf.step(variance)); // tf.step: 0 for no variance, else 1
  return tf.add(tf.mul(tf.mul(centred, scale), gamma), beta);
}

const settings = {
  forgetBias,
  layerNorm: flag(true, { description: 'normalise the gates and the memory over the units' }),
  normGain: real(-10, 10, 1, { description: 'initial factor on what was normalised' }),
  normShift: real(-10, 10, 0, { description: 'initially added to what was normalised' }),
  recurrentDropout: part(0, { description: 'part of what is written to the memory to drop in training' }),
  normEpsilon: real(1e-16, 1, 1e-12, { description: 'added to the variance', scale: 'log' }),
};

export const layerNormLSTMKind = cellKind(
  'layerNormLstm',
  settings,
  (values, units) => new LayerNormBasicLSTMCell(units, values),
);
