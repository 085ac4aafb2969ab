import type { Random } from '../../base/random';
import { flag } from '../../settings/setting_types';
import { tf } from '../../tfjs/tensorflow';
import { activation, activationOf, type Activation, type ActivationFunction } from '../layers/activations';
import { built, checkUnits, withDefaults } from '../built';
import { prefixed, type RNNCell, type Variables } from '../cell';
import { cellKind, forgetBias, numProj, peepholes, projClip } from './cell_kind';
import { checkBuild, checkInteger, checkNumber, checkStep } from '../checks';
import { clip } from '../layers/clip';
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
import { zeros } from '../zeros';

export interface CoupledInputForgetGateLSTMOptions extends NormOptions {
  /** Added to the forget gate before σ. Default 1. */
  forgetBias?: number;
  /** Let the gates see the cell's memory c as well. Default false. */
  peepholes?: boolean;
  /** Project the output to this width (Sak et al. 2014); the gates see the projected output. Default 0: no projection. */
  numProj?: number;
  /** Hold the projected output in ±projClip. Default 0: no limit. */
  projClip?: number;
  /** Of the candidate j and of the memory c', in place of tanh. Default 'tanh'. */
  activation?: Activation;
  /** Normalise j, f, o and the memory over the units (Ba et al. 2016); there is no b then. Default false. */
  layerNorm?: boolean;
}

type Norms = Readonly<Record<'transform' | 'forget' | 'output' | 'state', Norm>>;

interface Weights {
  readonly kernel: tf.Variable<tf.Rank.R2>;
  readonly bias?: tf.Variable;
  readonly norms?: Norms;
  readonly peepholes?: { readonly w_f: tf.Variable; readonly w_o: tf.Variable };
  readonly projection?: tf.Variable<tf.Rank.R2>;
}

const defaults: Required<CoupledInputForgetGateLSTMOptions> = {
  forgetBias: 1,
  peepholes: false,
  numProj: 0,
  projClip: 0,
  activation: 'tanh',
  layerNorm: false,
  ...normDefaults,
};

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
export class CoupledInputForgetGateLSTMCell implements RNNCell<LSTMState> {
  readonly outputSize: number;
  readonly stateSize: { readonly c: number; readonly h: number };
  inputSize?: number;
  private readonly options: Required<CoupledInputForgetGateLSTMOptions>;
  private readonly activation: ActivationFunction;
  private weights?: Weights;

  constructor(units: number, options: CoupledInputForgetGateLSTMOptions = {}) {
    checkUnits(units, 'CoupledInputForgetGateLSTMCell');
    this.options = withDefaults(defaults, options);
    const { numProj, projClip, activation, forgetBias } = this.options;
    checkInteger("CoupledInputForgetGateLSTMCell's numProj", numProj, 0, '0 does not project');
    checkNumber("CoupledInputForgetGateLSTMCell's projClip", projClip, 0);
    checkNumber("CoupledInputForgetGateLSTMCell's forgetBias", forgetBias);
    this.activation = activationOf(activation);
    this.outputSize = numProj || units;
    this.stateSize = { c: units, h: this.outputSize };
  }

  get variables(): Variables {
    if (!this.weights) return {};
    const { kernel, bias, norms, peepholes, projection } = this.weights;
    const ofNorms = Object.entries(norms ?? {}).map(([name, norm]) => prefixed(name, norm));
    return Object.assign(
      { kernel, ...(bias && { bias }), ...peepholes },
      projection && prefixed('projection', { kernel: projection }),
      ...ofNorms,
    ) as Variables;
  }

  build(inputSize: number, random: Random): this {
    this.inputSize = checkBuild('CoupledInputForgetGateLSTMCell', inputSize, random);
    const { c: units, h: outputSize } = this.stateSize;
    const { layerNorm, numProj } = this.options;
    const glorot = <R extends tf.Rank>(name: string, ...shape: number[]) =>
      tf.tidy(() => tf.variable(glorotUniform(shape, random.fork(name)) as tf.Tensor<R>));
    const peephole = (name: string) => glorot<tf.Rank.R1>(name, units);
    const norm = () => createNorm(units, this.options);
    this.weights = {
      kernel: glorot<tf.Rank.R2>('gates', inputSize + outputSize, 3 * units),
      ...(layerNorm
        ? { norms: { transform: norm(), forget: norm(), output: norm(), state: norm() } }
        : { bias: tf.tidy(() => tf.variable(tf.zeros([3 * units]))) }),
      ...(this.options.peepholes && { peepholes: { w_f: peephole('w_f'), w_o: peephole('w_o') } }),
      ...(numProj > 0 && { projection: glorot<tf.Rank.R2>('projection', units, outputSize) }),
    };
    return this;
  }

  zeroState(batchSize: number): LSTMState {
    return zeros(this.stateSize, batchSize);
  }

  call(x: tf.Tensor2D, state: LSTMState): { output: tf.Tensor2D; state: LSTMState } {
    const { kernel, bias, norms, peepholes, projection } = built(
      this.weights,
      'CoupledInputForgetGateLSTMCell',
    );
    checkStep('CoupledInputForgetGateLSTMCell', this, x, state);
    const { forgetBias, projClip, normEpsilon } = this.options;
    const norm = <T extends tf.Tensor>(z: T, name: keyof Norms): T =>
      norms ? normalise(z, norms[name], normEpsilon) : z;
    const peep = (gate: tf.Tensor, name: 'w_f' | 'w_o', memory: tf.Tensor): tf.Tensor =>
      peepholes ? tf.add(gate, tf.mul(peepholes[name], memory)) : gate;

    const { c, h } = state;
    const product = tf.matMul(tf.concat([x, h], 1), kernel);
    const [j, f, o] = tf.split(bias ? tf.add<tf.Tensor2D>(product, bias) : product, 3, 1);
    const candidate = this.activation(norm(j, 'transform'));
    // Forget gate: how much memory to keep; the candidate takes the rest.
    const keep = tf.sigmoid(tf.add(peep(norm(f, 'forget'), 'w_f', c), forgetBias));
    const newC = norm(tf.add<tf.Tensor2D>(tf.mul(keep, c), tf.mul(tf.sub(1, keep), candidate)), 'state');
    const show = tf.sigmoid(peep(norm(o, 'output'), 'w_o', newC)); // output gate: how much of the memory to show
    const shown = tf.mul<tf.Tensor2D>(show, this.activation(newC));
    const output = projection ? clip(tf.matMul<tf.Tensor2D>(shown, projection), projClip) : shown;
    return { output, state: { c: newC, h: output } };
  }
}

const settings = {
  ...{ forgetBias, peepholes, numProj, projClip, activation },
  layerNorm: flag(false, { description: 'normalise the gates and the memory over the units' }),
  ...normSettings,
};

export const coupledInputForgetGateLSTMKind = cellKind(
  'cifgLstm',
  settings,
  (values, units) => new CoupledInputForgetGateLSTMCell(units, values),
);
