import type { Random } from '../../base/random';
import { defaultsOf } from '../../settings/defaults';
import { real } from '../../settings/setting_types';
import { tf } from '../../tfjs/tensorflow';
import { BaseCell } from '../base_cell';
import type { Step } from '../cell';
import { cellKind } from './cell_kind';
import { checkNumber, checkUnits } from '../checks';
import { createVariable } from '../layers/initializers';
import { Linear } from '../layers/linear';

type Weights = { readonly input: Linear; readonly recurrent: tf.Variable<tf.Rank.R1> };

/**
 * Units that each see only their own past (Li et al. 2018, "Independently Recurrent Neural Network"):
 *
 *     h' = relu(x·W + u⊙h + b)        with each u held in ±recurrentMax
 *
 * The paper's limit is 2^(1/T) for T steps: 1.025 for 28, 1.0009 for 784. The default 1 is what these tend to: over
 * any number of steps nothing grows without end, and u = 1 forgets nothing. 0 sets no limit.
 * State: h [batch, units]. The output is h'. Initial values: W glorot uniform, u uniform in [0, 1), b 0.
 */
export class IndRNNCell extends BaseCell<tf.Tensor2D, Weights> {
  readonly outputSize: number;
  readonly stateSize: number;
  private readonly recurrentMax: number;

  constructor(units: number, { recurrentMax = defaults.recurrentMax }: { recurrentMax?: number } = {}) {
    super();
    this.outputSize = this.stateSize = checkUnits(units, 'IndRNNCell');
    this.recurrentMax = checkNumber("IndRNNCell's recurrentMax", recurrentMax, 0);
  }

  protected createWeights(inputSize: number, random: Random): Weights {
    const units = this.outputSize;
    const seed = random.fork('recurrent').integer(2 ** 31);
    return {
      input: new Linear(inputSize, units, random.fork('input')),
      recurrent: createVariable(() => tf.randomUniform([units], 0, 1, 'float32', seed)),
    };
  }

  call(x: tf.Tensor2D, h: tf.Tensor2D): Step<tf.Tensor2D> {
    const { input, recurrent } = this.weightsFor(x, h);
    const limit = this.recurrentMax;
    const u = limit > 0 ? tf.clipByValue(recurrent, -limit, limit) : recurrent;
    const output = tf.relu(tf.add<tf.Tensor2D>(input.call(x), tf.mul(u, h)));
    return { output, state: output };
  }
}

const settings = {
  recurrentMax: real(0, 10, 1, {
    description: 'largest weight of a unit on its own past; 0 sets no limit',
  }),
};
const defaults = defaultsOf(settings);

export const indRNNKind = cellKind('indRnn', settings, (chosen, units) => new IndRNNCell(units, chosen));
