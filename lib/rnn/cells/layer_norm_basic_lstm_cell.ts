import { dropout } from '../../tfjs/dropout';
import { UserError } from '../../base/errors';
import type { Random } from '../../base/random';
import { flag, fraction } from '../../settings/setting_types';
import { tf } from '../../tfjs/tensorflow';
import { activation, activationOf, type Activation, type ActivationFunction } from '../layers/activations';
import { BaseCell } from '../base_cell';
import type { Step } from '../cell';
import { cellKind, forgetBias } from './cell_kind';
import { checkNumber, checkUnits } from '../checks';
import { glorotVariable } from '../layers/initializers';
import { createNorm, normalise, normSettings, type Norm, type NormOptions } from '../layers/layer_norm';
import type { LSTMState } from './lstm_cell';
import { inference, type Pass } from '../pass';
import { defaultsOf, withDefaults } from '../../settings/defaults';

/** Options of a `LayerNormBasicLSTMCell`. */
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
const settings = {
  forgetBias,
  layerNorm: flag(true, { description: 'normalise the gates and the memory over the units' }),
  recurrentDropout: fraction(0, {
    description: 'fraction of what is written to the memory to drop in training',
  }),
  activation,
  ...normSettings,
};
const defaults: Required<LayerNormLSTMOptions> = defaultsOf(settings);
type NormName = (typeof normalised)[number];
type Weights = { readonly kernel: tf.Variable<tf.Rank.R2>; readonly bias?: tf.Variable } & {
  readonly [name in NormName]?: Norm;
};

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
export class LayerNormBasicLSTMCell extends BaseCell<LSTMState, Weights> {
  readonly keepGate = { gate: 'f', open: 'keeps' } as const;
  readonly outputSize: number;
  readonly stateSize: { readonly c: number; readonly h: number };
  private readonly options: Required<LayerNormLSTMOptions>;
  private readonly activation: ActivationFunction;

  constructor(units: number, options: LayerNormLSTMOptions = {}) {
    super();
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

  protected createWeights(inputSize: number, random: Random): Weights {
    const units = this.outputSize;
    const norms = () => normalised.map(name => [name, createNorm(units, this.options)] as const);
    return {
      kernel: glorotVariable([inputSize + units, 4 * units], random.fork('kernel')),
      ...(this.options.layerNorm
        ? Object.fromEntries(norms())
        : { bias: glorotVariable([4 * units], random.fork('bias')) }),
    };
  }

  call(x: tf.Tensor2D, state: LSTMState, pass: Pass = inference): Step<LSTMState> {
    const weights = this.weightsFor(x, state);
    const { kernel, bias } = weights;
    const { forgetBias, recurrentDropout, normEpsilon } = this.options;
    const norm = (z: tf.Tensor2D, name: NormName) => normalise(z, weights[name], normEpsilon);
    const { c, h } = state;
    const product = tf.matMul(tf.concat([x, h], 1), kernel);
    const [i, j, f, o] = tf.split<tf.Tensor2D>(bias ? tf.add(product, bias) : product, 4, 1);
    const candidate = this.activation(norm(j, 'transform')) as tf.Tensor2D;
    const drops = pass.training && recurrentDropout > 0;
    const g = drops ? dropout(candidate, 1 - recurrentDropout, pass.nextSeed()) : candidate;
    const keep = tf.sigmoid(tf.add<tf.Tensor2D>(norm(f, 'forget'), forgetBias));
    const write = tf.sigmoid(norm(i, 'input'));
    const newC = norm(tf.add<tf.Tensor2D>(tf.mul(keep, c), tf.mul(write, g)), 'state');
    const show = tf.sigmoid(norm(o, 'output'));
    const output = tf.mul<tf.Tensor2D>(show, this.activation(newC));
    return { output, state: { c: newC, h: output }, gates: { i: write, j: g, f: keep, o: show } };
  }
}

export const layerNormLSTMKind = cellKind(
  'layerNormLstm',
  settings,
  (values, units) => new LayerNormBasicLSTMCell(units, values),
);
