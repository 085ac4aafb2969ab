/** The exponential moving average of the weights, beside the weights themselves. */
import { UserError } from '../../base/errors';
import type { Variables } from '../../rnn/cell';
import type { Checkpoint } from '../../runs/checkpoint';
import { tf } from '../../tfjs/tensorflow';

/** What takes the average, and how slowly it moves. */
export interface WeightAverage {
  /** By the names of the weights. */
  readonly variables: Variables;
  /** 0 to below 1. */
  readonly decay: number;
}

/**
 * At first smaller, so that the first weights are soon forgotten: min(decay, (1 + n) / (10 + n)), as
 * tf.train.ExponentialMovingAverage has it with num_updates.
 * @param step n, 1 for the first
 */
export function decayAt({ decay }: WeightAverage, step: number): number {
  return Math.min(decay, (1 + step) / (10 + step));
}

/** average ← average − (1 − decay)·(average − weights) */
export function moveAverage(average: tf.Variable, weights: tf.Tensor, decay: tf.Scalar): void {
  average.assign(tf.sub(average, tf.mul(tf.sub(1, decay), tf.sub(average, weights))));
}

const prefix = 'average/';

/**
 * What a run with these settings takes from a checkpoint, which a fork may have made without the average or with it: an
 * average that is not there begins with the weights.
 * @param names of the weights that are averaged; none for a run without
 */
export function fitAverage(checkpoint: Checkpoint, names: readonly string[]): Checkpoint {
  const { tensors } = checkpoint;
  const others = Object.entries(tensors).filter(([name]) => !name.startsWith(prefix));
  const averages = names.flatMap(name => {
    const tensor = tensors[`${prefix}${name}`] ?? tensors[`model/${name}`];
    return tensor === undefined ? [] : [[`${prefix}${name}`, tensor] as const];
  });
  return { ...checkpoint, tensors: Object.fromEntries([...others, ...averages]) };
}

export const noAverageOfOwn = () =>
  new UserError(
    'Expected no averageDecay with a model of your own, found one: the average is a second network, which is made from ' +
      'the settings',
  );
