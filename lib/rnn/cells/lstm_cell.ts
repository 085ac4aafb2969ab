import type { Random } from '../../base/random';
import { tf } from '../../tfjs/tensorflow';
import { activationOf, type ActivationFunction } from '../layers/activations';
import { hasBlockCells, lstmBlockCell, type Peepholes } from './block_cells';
import { BaseCell } from '../base_cell';
import type { Gates, Step } from '../cell';
import { cellClip, cellKind } from './cell_kind';
import { checkNumber } from '../checks';
import { clip } from '../layers/clip';
import { glorotVariable } from '../layers/initializers';
import { linear, Linear, type LinearWeights } from '../layers/linear';
import { inference, type Pass } from '../pass';
import { defaultsOf, withDefaults } from '../../settings/defaults';
import { commonSettings, lstmStateSize, type CommonLSTMOptions } from './lstm_options';

/** Options of an `LSTMCell`. */
export interface LSTMOptions extends CommonLSTMOptions {
  /** Hold the memory c' in ±cellClip, before it is shown. Default 0: no limit. */
  cellClip?: number;
  /**
   * Run a time step as one kernel of TensorFlow rather than equation by equation: the same numbers, sooner. Default
   * true; with a clip, a projection or another activation the equations are used in any case.
   */
  fused?: boolean;
}

/** c, the memory [batch, units], and h, the output of the step before [batch, units] or [batch, numProj]. */
export type LSTMState = { readonly c: tf.Tensor2D; readonly h: tf.Tensor2D };

type Weights = LinearWeights &
  Partial<Peepholes> & { readonly projection?: { readonly kernel: tf.Variable<tf.Rank.R2> } };

const settings = { ...commonSettings, cellClip };
const defaults: Required<LSTMOptions> = { ...defaultsOf(settings), fused: true };

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
export class LSTMCell extends BaseCell<LSTMState, Weights> {
  readonly keepGate = { gate: 'f', open: 'keeps' } as const;
  readonly outputSize: number;
  readonly stateSize: { readonly c: number; readonly h: number };
  readonly fused: boolean;
  readonly options: Required<LSTMOptions>;
  private readonly activation: ActivationFunction;

  constructor(units: number, options: LSTMOptions = {}) {
    super();
    this.options = withDefaults(defaults, options);
    const { numProj, cellClip, activation, fused } = this.options;
    this.stateSize = lstmStateSize('LSTMCell', units, this.options);
    this.outputSize = this.stateSize.h;
    checkNumber("LSTMCell's cellClip", cellClip, 0);
    this.activation = activationOf(activation);
    this.fused = fused && activation === 'tanh' && cellClip === 0 && numProj === 0;
  }

  protected createWeights(inputSize: number, random: Random): Weights {
    const { c: units, h: outputSize } = this.stateSize;
    const peephole = (name: string) => glorotVariable<tf.Rank.R1>([units], random.fork(name));
    return {
      ...new Linear(inputSize + outputSize, 4 * units, random.fork('gates')).variables,
      ...(this.options.peepholes && { w_f: peephole('w_f'), w_i: peephole('w_i'), w_o: peephole('w_o') }),
      ...(this.options.numProj > 0 && {
        projection: { kernel: glorotVariable([units, outputSize], random.fork('projection')) },
      }),
    };
  }

  call(x: tf.Tensor2D, state: LSTMState, pass: Pass = inference): Step<LSTMState> {
    const weights = this.weightsFor(x, state);
    if (this.fused && !pass.gates && hasBlockCells()) {
      const [c, h] = lstmBlockCell(x, state, weights, this.options.forgetBias);
      return { output: h, state: { c, h } };
    }
    const { c, shown, gates } = equations(x, state, weights, {
      ...this.options,
      activation: this.activation,
    });
    const { projection } = weights;
    const h = projection
      ? clip(tf.matMul<tf.Tensor2D>(shown, projection.kernel), this.options.projClip)
      : shown;
    return { output: h, state: { c, h }, gates };
  }
}

/** @returns the new memory, what of it is shown, and by which gates, [batch, units] */
function equations(
  x: tf.Tensor2D,
  { c, h }: LSTMState,
  weights: Weights,
  options: { forgetBias: number; cellClip: number; activation: ActivationFunction },
): { c: tf.Tensor2D; shown: tf.Tensor2D; gates: Gates } {
  const { forgetBias, cellClip, activation } = options;
  const { w_f, w_i, w_o } = weights;
  const peep = (gate: tf.Tensor2D, w: tf.Tensor | undefined, memory: tf.Tensor): tf.Tensor2D =>
    w ? tf.add(gate, tf.mul(w, memory)) : gate;

  const [i, j, f, o] = tf.split<tf.Tensor2D>(linear(tf.concat([x, h], 1), weights), 4, 1);
  const keep = tf.sigmoid(tf.add<tf.Tensor2D>(peep(f, w_f, c), forgetBias)); // forget gate: how much memory to keep
  const write = tf.sigmoid(peep(i, w_i, c)); // input gate: how much of the candidate to write
  const candidate = activation(j) as tf.Tensor2D;
  const newC = clip(tf.add<tf.Tensor2D>(tf.mul(keep, c), tf.mul(write, candidate)), cellClip);
  const show = tf.sigmoid(peep(o, w_o, newC)); // output gate: how much of the memory to show
  const shown = tf.mul<tf.Tensor2D>(show, activation(newC));
  return { c: newC, shown, gates: { i: write, j: candidate, f: keep, o: show } };
}

export const lstmKind = cellKind('lstm', settings, (settings, units) => new LSTMCell(units, settings));
