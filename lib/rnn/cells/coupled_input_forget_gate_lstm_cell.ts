import type { Random } from '../../base/random';
import { flag } from '../../settings/setting_types';
import { tf } from '../../tfjs/tensorflow';
import { activationOf, type ActivationFunction } from '../layers/activations';
import { BaseCell } from '../base_cell';
import type { Step } from '../cell';
import { cellKind } from './cell_kind';
import { clip } from '../layers/clip';
import { createVariable, glorotVariable } from '../layers/initializers';
import { createNorm, normalise, normSettings, type Norm, type NormOptions } from '../layers/layer_norm';
import type { LSTMState } from './lstm_cell';
import { defaultsOf, withDefaults } from '../../settings/defaults';
import { commonSettings, lstmStateSize, type CommonLSTMOptions } from './lstm_options';

/** Options of a `CoupledInputForgetGateLSTMCell`. */
export interface CoupledInputForgetGateLSTMOptions extends CommonLSTMOptions, NormOptions {
  /** Normalise j, f, o and the memory over the units (Ba et al. 2016); there is no b then. Default false. */
  layerNorm?: boolean;
}

type NormName = 'transform' | 'forget' | 'output' | 'state';

type Weights = {
  readonly kernel: tf.Variable<tf.Rank.R2>;
  readonly bias?: tf.Variable;
  readonly w_f?: tf.Variable;
  readonly w_o?: tf.Variable;
  readonly projection?: { readonly kernel: tf.Variable<tf.Rank.R2> };
} & { readonly [name in NormName]?: Norm };

const settings = {
  ...commonSettings,
  layerNorm: flag(false, { description: 'normalise the gates and the memory over the units' }),
  ...normSettings,
};
const defaults: Required<CoupledInputForgetGateLSTMOptions> = defaultsOf(settings);

/**
 * An LSTM whose input gate is what the forget gate leaves (Greff et al. 2015, "LSTM: A Search Space Odyssey", CIFG;
 * tensorflow/contrib/rnn/python/ops/rnn_cell.py: CoupledInputForgetGateLSTMCell):
 *
 *     [j, f, o] = [x, h]·W + b          with layerNorm: no b, and each of the three then LN
 *     k  = σ(f + forgetBias)
 *     c' = k⊙c + (1−k)⊙tanh(j)          with layerNorm: then LN
 *     h' = σ(o)⊙tanh(c')                with numProj: ·P, then held in ±projClip
 *
 * with peepholes: f += w_f⊙c, o += w_o⊙c', after LN. Another activation may stand in the place of both tanh. Three
 * quarters of an LSTM's weights. State: c [batch, units] and h [batch, units], or [batch, numProj]; the output is h'.
 * Initial values: W and P glorot uniform, b 0, each w uniform ±√(3/units), each gamma normGain, each beta normShift.
 * LN is that of LayerNormBasicLSTMCell. The original makes a b with layerNorm too, and never reads it.
 */
export class CoupledInputForgetGateLSTMCell extends BaseCell<LSTMState, Weights> {
  readonly keepGate = { gate: 'f', open: 'keeps' } as const;
  readonly outputSize: number;
  readonly stateSize: { readonly c: number; readonly h: number };
  private readonly options: Required<CoupledInputForgetGateLSTMOptions>;
  private readonly activation: ActivationFunction;

  constructor(units: number, options: CoupledInputForgetGateLSTMOptions = {}) {
    super();
    this.options = withDefaults(defaults, options);
    this.stateSize = lstmStateSize('CoupledInputForgetGateLSTMCell', units, this.options);
    this.outputSize = this.stateSize.h;
    this.activation = activationOf(this.options.activation);
  }

  protected createWeights(inputSize: number, random: Random): Weights {
    const { c: units, h: outputSize } = this.stateSize;
    const { layerNorm, numProj, peepholes } = this.options;
    const glorot = <R extends tf.Rank>(name: string, ...shape: number[]) =>
      glorotVariable<R>(shape, random.fork(name));
    const norm = () => createNorm(units, this.options);
    return {
      kernel: glorot('gates', inputSize + outputSize, 3 * units),
      ...(!layerNorm && { bias: createVariable(() => tf.zeros([3 * units])) }),
      ...(peepholes && { w_f: glorot('w_f', units), w_o: glorot('w_o', units) }),
      ...(numProj > 0 && { projection: { kernel: glorot('projection', units, outputSize) } }),
      ...(layerNorm && { transform: norm(), forget: norm(), output: norm(), state: norm() }),
    };
  }

  call(x: tf.Tensor2D, state: LSTMState): Step<LSTMState> {
    const weights = this.weightsFor(x, state);
    const { kernel, bias, w_f, w_o, projection } = weights;
    const { forgetBias, projClip, normEpsilon } = this.options;
    const norm = <T extends tf.Tensor>(z: T, name: NormName): T => normalise(z, weights[name], normEpsilon);
    const peep = (gate: tf.Tensor2D, w: tf.Tensor | undefined, memory: tf.Tensor): tf.Tensor2D =>
      w ? tf.add(gate, tf.mul(w, memory)) : gate;

    const { c, h } = state;
    const product = tf.matMul(tf.concat([x, h], 1), kernel);
    const [j, f, o] = tf.split<tf.Tensor2D>(bias ? tf.add<tf.Tensor2D>(product, bias) : product, 3, 1);
    const candidate = this.activation(norm(j, 'transform')) as tf.Tensor2D;
    // Forget gate: how much memory to keep; the candidate takes the rest.
    const keep = tf.sigmoid(tf.add<tf.Tensor2D>(peep(norm(f, 'forget'), w_f, c), forgetBias));
    const newC = norm(tf.add<tf.Tensor2D>(tf.mul(keep, c), tf.mul(tf.sub(1, keep), candidate)), 'state');
    const show = tf.sigmoid(peep(norm(o, 'output'), w_o, newC)); // output gate: how much of the memory to show
    const shown = tf.mul<tf.Tensor2D>(show, this.activation(newC));
    const output = projection ? clip(tf.matMul<tf.Tensor2D>(shown, projection.kernel), projClip) : shown;
    const gates = { j: candidate, f: keep, o: show };
    return { output, state: { c: newC, h: output }, gates };
  }
}

export const coupledInputForgetGateLSTMKind = cellKind(
  'cifgLstm',
  settings,
  (values, units) => new CoupledInputForgetGateLSTMCell(units, values),
);
