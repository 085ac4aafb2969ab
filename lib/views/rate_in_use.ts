import { showValue } from '../base/format';
import type { Steerable } from '../training/steerable';

/**
 * The learning rate of the last step, and who decides it, where there is a schedule: `learning rate 0.00073 by
 * schedule`. Undefined where the rate is just the setting.
 */
export function rateInUse(
  { manualLearningRate }: Steerable['settings'],
  { train }: Pick<Steerable['history'], 'train'>,
): string | undefined {
  if (manualLearningRate === undefined) return undefined;
  if (manualLearningRate > 0)
    return `learning rate ${showValue(manualLearningRate)} by hand, not by schedule`;
  const { learningRate } = train[train.length - 1] ?? {};
  return learningRate === undefined ? undefined : `learning rate ${showValue(learningRate)} by schedule`;
}
