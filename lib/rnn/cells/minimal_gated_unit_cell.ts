import type { Random } from '../../base/random';
import { tf } from '../../tfjs/tensorflow';
import { built, checkUnits } from '../built';
import { prefixed, type RNNCell, type Variables } from '../cell';
import { cellKind } from './cell_kind';
import { checkBuild, checkStep } from '../checks';
import { Linear } from '../layers/linear';
import { zeros } from '../zeros';

/**
 * The minimal gated unit (Zhou et al. 2016, "Minimal Gated Unit for Recurrent Neural Networks", equations 7 to 9):
 *
 *     f  = σ([x, h]·Wf + bf)
 *     c  = tanh([x, f⊙h]·Wc + bc)
 *     h' = (1−f)⊙h + f⊙c
 *
 * A GRU whose one gate does the work of both: where it opens, the candidate sees the old state and replaces it.
 * Two thirds of a GRU's weights. State: h [batch, units]. The output is h'. Initial values: Wf and Wc glorot uniform,
 * bf and bc 0. (Beside a GRU's u, f has the opposite sense: 1 overwrites.)
 */
export class MinimalGatedUnitCell implements RNNCell<tf.Tensor2D> {
  readonly outputSize: number;
  readonly stateSize: number;
  inputSize?: number;
  private weights?: { gate: Linear; candidate: Linear };

  constructor(units: number) {
    this.outputSize = this.stateSize = checkUnits(units, 'MinimalGatedUnitCell');
  }

  get variables(): Variables {
    if (!this.weights) return {};
    const { gate, candidate } = this.weights;
    return { ...prefixed('gate', gate.variables), ...prefixed('candidate', candidate.variables) };
  }

  build(inputSize: number, random: Random): this {
    this.inputSize = checkBuild('MinimalGatedUnitCell', inputSize, random);
    const units = this.outputSize;
    this.weights = {
      gate: new Linear(inputSize + units, units, random.fork('gate')),
      candidate: new Linear(inputSize + units, units, random.fork('candidate')),
    };
    return this;
  }

  zeroState(batchSize: number): tf.Tensor2D {
    return zeros(this.stateSize, batchSize);
  }

  call(x: tf.Tensor2D, h: tf.Tensor2D): { output: tf.Tensor2D; state: tf.Tensor2D } {
    const { gate, candidate } = built(this.weights, 'MinimalGatedUnitCell');
    checkStep('MinimalGatedUnitCell', this, x, h);
    const f = tf.sigmoid(gate.call(tf.concat([x, h], 1))); // how much of the old state to replace
    const c = tf.tanh(candidate.call(tf.concat([x, tf.mul(f, h)], 1))); // what to replace it with
    const output = tf.add<tf.Tensor2D>(tf.mul(tf.sub(1, f), h), tf.mul(f, c));
    return { output, state: output };
  }
}

export const minimalGatedUnitKind = cellKind('mgu', {}, (_, units) => new MinimalGatedUnitCell(units));
