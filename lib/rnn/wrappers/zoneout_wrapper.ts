import { randomUniform } from '../../tfjs/random_uniform';
import { UserError } from '../../base/errors';
import { defaultsOf } from '../../settings/defaults';
import { fraction } from '../../settings/setting_types';
import { mapTensors, partAt } from '../../tfjs/structure';
import { tf } from '../../tfjs/tensorflow';
import type { RNNCell, State, Step } from '../cell';
import { inference, type Pass } from '../pass';
import { CellWrapper } from './cell_wrapper';
import { wrapperKind } from './wrapper_kind';

/** Options of a `ZoneoutWrapper`. */
export interface ZoneoutOptions {
  /** Probability that a unit keeps its old value, in [0, 1). Default 0.1. */
  zoneoutProb?: number;
}

/**
 * Zoneout (Krueger et al. 2016), for each part s of the state:
 *
 *     training:   s' = old where U < p, else new     U uniform, fresh for each step and part
 *     inference:  s' = p·old + (1−p)·new
 *
 * Where the cell's output is a part of its state (the same tensor: h of a GRU or an LSTM), the output is that part
 * after zoneout, as in the paper; any other output is handed on as it is. One p for all parts; the paper has one each.
 */
export class ZoneoutWrapper<S extends State> extends CellWrapper<S> {
  private readonly prob: number;

  constructor(cell: RNNCell<S>, { zoneoutProb = defaults.zoneoutProb }: ZoneoutOptions = {}) {
    super('ZoneoutWrapper', cell);
    if (!(zoneoutProb >= 0 && zoneoutProb < 1)) {
      throw new UserError(
        `Expected zoneoutProb at least 0 and below 1, found ${zoneoutProb}: 0 keeps no old value`,
      );
    }
    this.prob = zoneoutProb;
  }

  call(x: tf.Tensor2D, old: S, pass: Pass = inference): Step<S> {
    const step = this.cell.call(x, old, pass);
    if (this.prob === 0) return step;
    let output = step.output;
    const state = mapTensors(step.state, (now, path) => {
      const zoned = this.mix(partAt<tf.Tensor2D>(old, path) as tf.Tensor2D, now, pass);
      if (now === step.output) output = zoned;
      return zoned;
    }) as S;
    return { ...step, output, state };
  }

  private mix(before: tf.Tensor2D, after: tf.Tensor2D, pass: Pass): tf.Tensor2D {
    if (!pass.training) return tf.add<tf.Tensor2D>(tf.mul(before, this.prob), tf.mul(after, 1 - this.prob));
    return tf.where(tf.less(randomUniform(after.shape, pass.nextSeed()), this.prob), before, after);
  }
}

const settings = {
  zoneoutProb: fraction(0.1, {
    description: 'probability that a unit of the state keeps its old value',
  }),
};
const defaults = defaultsOf(settings);

export const zoneoutKind = wrapperKind(
  'zoneout',
  settings,
  (chosen, cell) => new ZoneoutWrapper(cell, chosen),
);
