import type { Random } from '../../base/random';
import { tf } from '../../tfjs/tensorflow';
import { BaseCell } from '../base_cell';
import type { Step } from '../cell';
import { cellKind } from './cell_kind';
import { checkUnits } from '../checks';
import { Linear } from '../layers/linear';

type Weights = { readonly input: Linear; readonly hidden: Linear };

/**
 * The gated recurrent unit as cuDNN has it (Cho et al. 2014, first version; Keras: GRU with reset_after;
 * tf.contrib.cudnn_rnn.CudnnCompatibleGRUCell): the reset gate acts after the product, and there are two biases:
 *
 *     [xu, xr, xc] = x·W + b        [hu, hr, hc] = h·R + d
 *     u  = σ(xu + hu)               r = σ(xr + hr)
 *     c  = tanh(xc + r⊙hc)
 *     h' = u⊙h + (1−u)⊙c
 *
 * GRUCell resets h before the product, which gives other numbers. State: h [batch, units]. The output is h'.
 * Initial values: W and R glorot uniform, b and d 0. The order of the parts is Keras's.
 */
export class CudnnGRUCell extends BaseCell<tf.Tensor2D, Weights> {
  readonly keepGate = { gate: 'u', open: 'keeps' } as const;
  readonly outputSize: number;
  readonly stateSize: number;

  constructor(units: number) {
    super();
    this.outputSize = this.stateSize = checkUnits(units, 'CudnnGRUCell');
  }

  protected createWeights(inputSize: number, random: Random): Weights {
    const units = this.outputSize;
    return {
      input: new Linear(inputSize, 3 * units, random.fork('input')),
      hidden: new Linear(units, 3 * units, random.fork('hidden')),
    };
  }

  call(x: tf.Tensor2D, h: tf.Tensor2D): Step<tf.Tensor2D> {
    const { input, hidden } = this.weightsFor(x, h);
    const [xu, xr, xc] = tf.split(input.call(x), 3, 1);
    const [hu, hr, hc] = tf.split(hidden.call(h), 3, 1);
    const u = tf.sigmoid(tf.add<tf.Tensor2D>(xu, hu)); // how much of the old state to keep
    const r = tf.sigmoid(tf.add<tf.Tensor2D>(xr, hr)); // how much of it the candidate sees
    const c = tf.tanh(tf.add<tf.Tensor2D>(xc, tf.mul(r, hc)));
    const output = tf.add<tf.Tensor2D>(tf.mul(u, h), tf.mul(tf.sub(1, u), c));
    return { output, state: output, gates: { r, u, c } };
  }
}

export const cudnnGRUKind = cellKind('cudnnGru', {}, (_, units) => new CudnnGRUCell(units));
