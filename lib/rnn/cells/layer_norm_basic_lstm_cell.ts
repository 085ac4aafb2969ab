import { dropout } from '../../tfjs/dropout';
import { UserError } from '../../base/errors';
import type { Random } from '../../base/random';
import { flag, part } from '../../settings/setting_types';
import { tf } from '../../tfjs/tensorflow';
import { activation, activationOf, type Activation, type ActivationFunction } from '../layers/activations';
import { built, checkUnits, withDefaults } from '../built';
import { prefixed, type RNNCell, type Variables } from '../cell';
import { cellKind, forgetBias } from './cell_kind';
import { checkBuild, checkNumber, checkStep } from '../checks';
import { glorotUniform } from '../layers/initializers';
import {
  createNorm,
  normalise,
  normDefaults,
  normSettings,
  type Norm,
  type NormOptions,
} from '../layers/layer_norm';
import type { LSTMState } from './lstm_cell';
import { inference, type Pass } from '../pass';
import { zeros } from '../zeros';

export interface LayerNormLSTMOptions extends NormOptions {
  /** Added to the forget gate before σ. Default 1. */
  forgetBias?: number;
  /** Without it, biases take the place of all five LN. Default true. */
  layerNorm?: boolean;
  /** Part of the candidate that a training pass drops, in [0, 1). Default 0. */
  recurrentDropout?: number;
  /** Of the candidate j and of the memory c', in place of tanh. Default 'tanh'. */
  activation?: Activation;
}

const normalised = ['input', 'transform', 'forget', 'output', 'state'] as const;
const defaults: Required<LayerNormLSTMOptions> = {
  forgetBias: 1,
  layerNorm: true,
  recurrentDropout: 0,
  activation: 'tanh',
  ...normDefaults,
};
type Norms = Record<(typeof normalised)[number], Norm>;

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
 * uniform, each gamma normGain, each beta normShift, b uniform ±√(3/(4·units)). Another activation may stand in the
 * place of both tanh. The original fixes normEpsilon at
 * 1e-12, the default here. Ours differs in one thing, the gradient of LN where z is the same in all units: it is 0 (see
 * layer_norm.ts). With the original's, a few blank rows at the start of an image make it overflow.
 */
export class LayerNormBasicLSTMCell implements RNNCell<LSTMState> {
  readonly outputSize: number;
  readonly stateSize: { readonly c: number; readonly h: number };
  inputSize?: number;
  private readonly options: Required<LayerNormLSTMOptions>;
  private readonly activation: ActivationFunction;
  private weights?: { kernel: tf.Variable<tf.Rank.R2>; bias?: tf.Variable; norms?: Norms };

  constructor(units: number, options: LayerNormLSTMOptions = {}) {
    this.outputSize = checkUnits(units, 'LayerNormBasicLSTMCell');
    this.stateSize = { c: units, h: units };
    this.options = withDefaults(defaults, options);
    const { forgetBias, recurrentDropout } = this.options;
    checkNumber("LayerNormBasicLSTMCell's forgetBias", forgetBias);
    if (!(recurrentDropout >= 0 && recurrentDropout < 1)) {
      throw new UserError(
        `Expected recurrentDropout at least 0 and below 1, found ${String(recurrentDropout)}: 0 drops nothing`,
      );
    }
    this.activation = activationOf(this.options.activation);
  }

  get variables(): Variables {
    if (!this.weights) return {};
    const { kernel, bias, norms } = this.weights;
    const all = Object.entries(norms ?? {}).map(([name, norm]) => prefixed(name, norm));
    return Object.assign({ kernel, ...(bias && { bias }) }, ...all) as Variables;
  }

  build(inputSize: number, random: Random): this {
    this.inputSize = checkBuild('LayerNormBasicLSTMCell', inputSize, random);
    const units = this.outputSize;
    const norm = () => createNorm(units, this.options);
    const shape = [inputSize + units, 4 * units];
    this.weights = {
      kernel: tf.tidy(() => tf.variable(glorotUniform(shape, random.fork('kernel')) as tf.Tensor2D)),
      ...(this.options.layerNorm
        ? { norms: Object.fromEntries(normalised.map(name => [name, norm()])) as Norms }
        : { bias: tf.tidy(() => tf.variable(glorotUniform([4 * units], random.fork('bias')))) }),
    };
    return this;
  }

  zeroState(batchSize: number): LSTMState {
    return zeros(this.stateSize, batchSize);
  }

  call(x: tf.Tensor2D, state: LSTMState, pass: Pass = inference): { output: tf.Tensor2D; state: LSTMState } {
    const { kernel, bias, norms } = built(this.weights, 'LayerNormBasicLSTMCell');
    checkStep('LayerNormBasicLSTMCell', this, x, state);
    const { forgetBias, recurrentDropout, normEpsilon } = this.options;
    const norm = (z: tf.Tensor, name: keyof Norms) => (norms ? normalise(z, norms[name], normEpsilon) : z);
    const { c, h } = state;
    const product = tf.matMul(tf.concat([x, h], 1), kernel);
    const [i, j, f, o] = tf.split(bias ? tf.add(product, bias) : product, 4, 1);
    const candidate = this.activation(norm(j, 'transform'));
    const drops = pass.training && recurrentDropout > 0;
    const g = drops ? dropout(candidate, 1 - recurrentDropout, pass.nextSeed()) : candidate;
    const keep = tf.sigmoid(tf.add(norm(f, 'forget'), forgetBias));
    const memory = tf.add(tf.mul(keep, c), tf.mul(tf.sigmoid(norm(i, 'input')), g));
    const newC = norm(memory, 'state') as tf.Tensor2D;
    const output = tf.mul<tf.Tensor2D>(tf.sigmoid(norm(o, 'output')), this.activation(newC));
    return { output, state: { c: newC, h: output } };
  }
}

const settings = {
  forgetBias,
  layerNorm: flag(true, { description: 'normalise the gates and the memory over the units' }),
  recurrentDropout: part(0, { description: 'part of what is written to the memory to drop in training' }),
  activation,
  ...normSettings,
};

export const layerNormLSTMKind = cellKind(
  'layerNormLstm',
  settings,
  (values, units) => new LayerNormBasicLSTMCell(units, values),
);
