/** The learning rate that a step is made with. */
import type { RunSettings } from '../../model/run_settings';
import * as schedules from '../../optimizers/schedules';
import type { Schedule } from '../../optimizers/schedules';
import { make } from '../../settings/kinds';

/** Does the rate differ from the setting `learningRate` at some steps? Then a rate set by hand stands beside it. */
export function isScheduled({ schedule, warmupSteps }: RunSettings): boolean {
  return warmupSteps > 0 || !['constant', 'step'].includes(schedule.kind);
}

/**
 * The rate set by hand, or else the schedule's.
 * @param made training steps before this one
 * @param totalSteps of the whole training, from the very beginning, as it is planned now
 */
export function learningRateAt(settings: RunSettings, made: number, totalSteps: number): number {
  const { schedule, warmupSteps, learningRate, manualLearningRate } = settings;
  if (manualLearningRate > 0) return manualLearningRate;
  return learningRate * make<Schedule, [number]>(schedules, schedule, warmupSteps)(made, totalSteps);
}

/** After an epoch, as the schedule `step` has it. @returns undefined where the setting stays */
export function decayedRate({ schedule, learningRate, learningRateDecay }: RunSettings): number | undefined {
  return schedule.kind === 'step' && learningRateDecay < 1 ? learningRate * learningRateDecay : undefined;
}

/**
 * Settings of a training that goes on with changes of these: a schedule or a rate that is given takes the place of one
 * set by hand.
 */
export function withoutManualRate<Settings extends object>(before: Settings, changes: object): Settings {
  const replaced = ['learningRate', 'schedule', 'warmupSteps'].some(name => name in changes);
  return replaced ? { ...before, manualLearningRate: 0 } : before;
}
