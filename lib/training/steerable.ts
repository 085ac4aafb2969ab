import { didYouMean } from '../base/did_you_mean';
import { UserError } from '../base/errors';
import { lastStepOf, type History } from '../base/history';
import { hyperparameterSettings, type Hyperparameters, type LiveSetting } from '../model/hyperparameters';
import type { RunSettings } from '../model/run_settings';
import type { Setting } from '../settings/settings';
import type { LiveState, SteeringRequest } from '../runs/steering';
import { isScheduled } from './recipe/learning_rate';

/** The settings that may be changed while training goes on. */
export type LiveSettings = Partial<Pick<Hyperparameters, LiveSetting>>;

export type TrainingStatus = LiveState['status'];

/** What `controls` steers: a training of this process, or by requests one of another process. */
export interface Steerable {
  readonly history: History;
  readonly status: TrainingStatus;
  /** Is somebody training it now? */
  readonly active: boolean;
  /** The values of the settings that may be changed; a model of the user's own may have its dropout fixed. */
  readonly settings: Readonly<LiveSettings>;
  readonly totalSteps: number;
  /** What came of the last request, where that is told later. */
  readonly message?: string;
  /** @throws UserError for a value out of range */
  set(changes: LiveSettings): void;
  pause(): void;
  unpause(): void;
  stop(): void;
  /** @returns its path, where it is written at once */
  saveCheckpoint(): string | undefined;
  /** @returns the checkpoint's step, where it is known at once. @throws UserError without a tested checkpoint */
  backToBest(): number | undefined;
  /** @returns a function that ends that */
  observe(observer: { status?(): void; change?(): void }): () => void;
}

/** Do what is asked. @returns the result in words, also of the user's mistakes */
export function carryOut(run: Steerable, request: SteeringRequest | undefined): string {
  try {
    switch (request?.ask) {
      case undefined:
        return 'not understood: a request of another version, or a damaged one';
      case 'set':
        run.set(request.values);
        return '';
      case 'saveCheckpoint': {
        const path = run.saveCheckpoint();
        return path ? `checkpoint of step ${lastStepOf(run.history)} saved: ${path}` : '';
      }
      case 'backToBest': {
        const step = run.backToBest();
        return step === undefined ? '' : `back to the best checkpoint, of step ${step}, with its settings`;
      }
      case 'pause':
        run.pause();
        return '';
      case 'resume':
        run.unpause();
        return '';
      case 'stop':
        run.stop();
        return '';
    }
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}

/** The settings that may be changed during training. */
export const liveSettings = hyperparameterSettings.filter(
  (setting): setting is Setting & { name: LiveSetting } => setting.live === true,
);

/**
 * The settings that may be changed, with their values. `learningRate` is that set by hand, if one is;
 * `manualLearningRate` is there only where it takes the place of a schedule.
 * @param withDropout whether the model has a dropout that can change
 */
export function liveValues(settings: RunSettings, withDropout: boolean): LiveSettings {
  const { dropout, clipNorm, learningRate, manualLearningRate } = settings;
  return {
    learningRate: manualLearningRate || learningRate,
    ...(isScheduled(settings) ? { manualLearningRate } : {}),
    ...(withDropout ? { dropout } : {}),
    clipNorm,
  };
}

/**
 * @param names those that may be changed in this training
 * @throws UserError for a setting that must stay as it is
 */
export function checkLive(changes: object, names: readonly string[]): void {
  const other = Object.keys(changes).find(name => !names.includes(name));
  if (other === undefined) return;
  const fixed = liveSettings.some(({ name }) => name === other)
    ? other === 'manualLearningRate'
      ? ': the schedule of this run leaves the rate as it is set; set learningRate'
      : ': this model has it fixed; give it outputKeepProb, a variable that its cells read, for dropout that can change'
    : hyperparameterSettings.some(({ path }) => path[0] === other)
      ? `: fork(run, data, { ${other}: … }) starts a second run with it`
      : didYouMean(other, names);
  throw new UserError(
    `Expected one of ${names.join(', ')}, which may change in a training, found ${other}${fixed}`,
  );
}

/** Looks again at each update. */
export function waitUntil(run: Pick<Steerable, 'observe'>, condition: () => boolean): Promise<void> {
  return new Promise(resolve => {
    const end = run.observe({
      status() {
        if (!condition()) return;
        end();
        resolve();
      },
    });
  });
}
