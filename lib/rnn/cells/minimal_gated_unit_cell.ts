import type { Random } from '../../base/random';
import { tf } from '../../tfjs/tensorflow';
import { BaseCell } from '../base_cell';
import type { Step } from '../cell';
import { cellKind } from './cell_kind';
import { checkUnits } from '../checks';
import { Linear } from '../layers/linear';

type Weights = { readonly gate: Linear; readonly candidate: Linear };

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
export class MinimalGatedUnitCell extends BaseCell<tf.Tensor2D, Weights> {
  readonly keepGate = { gate: 'f', open: 'replaces' } as const;
  readonly outputSize: number;
  readonly stateSize: number;

  constructor(units: number) {
    super();
    this.outputSize = this.stateSize = checkUnits(units, 'MinimalGatedUnitCell');
  }

  protected createWeights(inputSize: number, random: Random): Weights {
    const units = this.outputSize;
    return {
      gate: new Linear(inputSize + units, units, random.fork('gate')),
      candidate: new Linear(inputSize + units, units, random.fork('candidate')),
    };
  }

  call(x: tf.Tensor2D, h: tf.Tensor2D): Step<tf.Tensor2D> {
    const { gate, candidate } = this.weightsFor(x, h);
    const f = tf.sigmoid(gate.call(tf.concat([x, h], 1))); // how much of the old state to replace
    const c = tf.tanh(candidate.call(tf.concat([x, tf.mul(f, h)], 1))); // what to replace it with
    const output = tf.add<tf.Tensor2D>(tf.mul(tf.sub(1, f), h), tf.mul(f, c));
    return { output, state: output, gates: { f, c } };
  }
}

export const minimalGatedUnitKind = cellKind('mgu', {}, (_, units) => new MinimalGatedUnitCell(units));
