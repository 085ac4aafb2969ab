import type { Random } from '../../base/random';
import { tf } from '../../tfjs/tensorflow';
import { activation, activationOf, type Activation, type ActivationFunction } from '../layers/activations';
import { lstmBlockCell, type Peepholes } from './block_cells';
import { built, checkUnits, withDefaults } from '../built';
import { prefixed, type RNNCell, type Variables } from '../cell';
import { cellClip, cellKind, forgetBias, numProj, peepholes, projClip } from './cell_kind';
import { checkBuild, checkInteger, checkNumber, checkStep } from '../checks';
import { clip } from '../layers/clip';
import { glorotUniform } from '../layers/initializers';
import { Linear } from '../layers/linear';
import { zeros } from '../zeros';

export interface LSTMOptions {
  /** Added to the forget gate before σ, so that at first the cell keeps what it knows. Default 1. */
  forgetBias?: number;
  /** Let the gates see the cell's memory c as well (Gers & Schmidhuber 2000). Default false. */
  peepholes?: boolean;
  /** Hold the memory c' in ±cellClip, before it is shown. Default 0: no limit. */
  cellClip?: number;
  /** Project the output to this width (Sak et al. 2014); the gates see the projected output. Default 0: no projection. */
  numProj?: number;
  /** Hold the projected output in ±projClip. Default 0: no limit. */
  projClip?: number;
  /** Of the candidate j and of the memory c', in place of tanh. Default 'tanh'. */
  activation?: Activation;
  /**
   * Run a time step as one kernel of TensorFlow rather than equation by equation: the same numbers, sooner. Default
   * true; with a clip, a projection or another activation the equations are used in any case.
   */
  fused?: boolean;
}

/** c, the memory [batch, units], and h, the output of the step before [batch, units] or [batch, numProj]. */
export type LSTMState = { readonly c: tf.Tensor2D; readonly h: tf.Tensor2D };

interface Weights {
  readonly gates: Linear;
  readonly peepholes?: { readonly [name in keyof Peepholes]: tf.Variable<tf.Rank.R1> };
  readonly projection?: tf.Variable<tf.Rank.R2>;
}

const defaults: Required<LSTMOptions> = {
  forgetBias: 1,
  peepholes: false,
  cellClip: 0,
  numProj: 0,
  projClip: 0,
  activation: 'tanh',
  fused: true,
};

/**
 * Long short-term memory (Hochreiter & Schmidhuber 1997; TensorFlow 1: tf.nn.rnn_cell.LSTMCell):
 *
 *     [i, j, f, o] = [x, h]·W + b
 *     c' = σ(f + forgetBias)⊙c + σ(i)⊙tanh(j)       then held in ±cellClip
 *     h' = σ(o)⊙tanh(c')
 *
 * with peepholes: f += w_f⊙c, i += w_i⊙c, o += w_o⊙c'. With numProj (Sak et al. 2014): h' = (σ(o)⊙tanh(c'))·P, then
 * held in ±projClip. The output is h'. Another activation may stand in the place of both tanh.
 * Initial values: W and P glorot uniform, b 0 (the forget bias is added at run time, not stored), each w uniform
 * ±√(3/units).
 */
export class LSTMCell implements RNNCell<LSTMState> {
  readonly outputSize: number;
  readonly stateSize: { readonly c: number; readonly h: number };
  inputSize?: number;
  readonly fused: boolean;
  private readonly options: Required<LSTMOptions>;
  private readonly activation: ActivationFunction;
  private weights?: Weights;

  constructor(units: number, options: LSTMOptions = {}) {
    checkUnits(units, 'LSTMCell');
    this.options = withDefaults(defaults, options);
    const { numProj, cellClip, projClip, activation, fused, forgetBias } = this.options;
    checkInteger("LSTMCell's numProj", numProj, 0, '0 does not project');
    checkNumber("LSTMCell's forgetBias", forgetBias);
    checkNumber("LSTMCell's cellClip", cellClip, 0);
    checkNumber("LSTMCell's projClip", projClip, 0);
    this.activation = activationOf(activation);
    this.outputSize = numProj || units;
    this.stateSize = { c: units, h: this.outputSize };
    this.fused = fused && activation === 'tanh' && cellClip === 0 && numProj === 0;
  }

  get variables(): Variables {
    if (!this.weights) return {};
    const { gates, peepholes, projection } = this.weights;
    return {
      ...gates.variables,
      ...peepholes,
      ...(projection && prefixed('projection', { kernel: projection })),
    };
  }

  build(inputSize: number, random: Random): this {
    this.inputSize = checkBuild('LSTMCell', inputSize, random);
    const { c: units, h: outputSize } = this.stateSize;
    const glorot = <R extends tf.Rank>(name: string, ...shape: number[]) =>
      tf.tidy(() => tf.variable(glorotUniform(shape, random.fork(name)) as tf.Tensor<R>));
    const peephole = (name: string) => glorot<tf.Rank.R1>(name, units);
    this.weights = {
      gates: new Linear(inputSize + outputSize, 4 * units, random.fork('gates')),
      ...(this.options.peepholes && {
        peepholes: { w_f: peephole('w_f'), w_i: peephole('w_i'), w_o: peephole('w_o') },
      }),
      ...(this.options.numProj > 0 && {
        projection: glorot<tf.Rank.R2>('projection', units, outputSize),
      }),
    };
    return this;
  }

  zeroState(batchSize: number): LSTMState {
    return zeros(this.stateSize, batchSize);
  }

  call(x: tf.Tensor2D, state: LSTMState): { output: tf.Tensor2D; state: LSTMState } {
    const { gates, peepholes, projection } = built(this.weights, 'LSTMCell');
    checkStep('LSTMCell', this, x, state);
    const { forgetBias, cellClip, projClip } = this.options;
    if (this.fused) {
      const [c, h] = lstmBlockCell(x, state, gates, { forgetBias, peepholes });
      return { output: h, state: { c, h } };
    }
    const { c, shown } = equations(x, state, gates, {
      forgetBias,
      peepholes,
      cellClip,
      activation: this.activation,
    });
    const h = projection ? clip(tf.matMul<tf.Tensor2D>(shown, projection), projClip) : shown;
    return { output: h, state: { c, h } };
  }
}

/** @returns the new memory, and what of it is shown, [batch, units] */
function equations(
  x: tf.Tensor2D,
  { c, h }: LSTMState,
  gates: Linear,
  options: { forgetBias: number; peepholes?: Peepholes; cellClip: number; activation: ActivationFunction },
): { c: tf.Tensor2D; shown: tf.Tensor2D } {
  const { forgetBias, peepholes, cellClip, activation } = options;
  const peep = (gate: tf.Tensor, name: keyof Peepholes, memory: tf.Tensor): tf.Tensor =>
    peepholes ? tf.add(gate, tf.mul(peepholes[name], memory)) : gate;

  const [i, j, f, o] = tf.split(gates.call(tf.concat([x, h], 1)), 4, 1);
  const keep = tf.sigmoid(tf.add(peep(f, 'w_f', c), forgetBias)); // forget gate: how much memory to keep
  const write = tf.sigmoid(peep(i, 'w_i', c)); // input gate: how much of the candidate to write
  const newC = clip(tf.add<tf.Tensor2D>(tf.mul(keep, c), tf.mul(write, activation(j))), cellClip);
  const show = tf.sigmoid(peep(o, 'w_o', newC)); // output gate: how much of the memory to show
  return { c: newC, shown: tf.mul(show, activation(newC)) };
}

export const lstmKind = cellKind(
  'lstm',
  { forgetBias, peepholes, cellClip, numProj, projClip, activation },
  (settings, units) => new LSTMCell(units, settings),
);
