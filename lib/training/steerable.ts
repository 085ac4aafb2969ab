import { didYouMean } from '../base/did_you_mean';
import { UserError } from '../base/errors';
import type { History } from '../base/history';
import { hyperparameterSettings, type Hyperparameters } from '../model/hyperparameters';
import type { LiveState, SteeringRequest } from '../runs/steering';

/** The settings that may be changed while training goes on. */
export type LiveSettings = Partial<Pick<Hyperparameters, keyof LiveState['settings']>>;

export type TrainingStatus = LiveState['status'];

/** What `controls` steers: a training of this process, or by requests one of another process. */
export interface Steerable extends History {
  readonly status: TrainingStatus;
  /** Is somebody training it now? */
  readonly active: boolean;
  readonly settings: Readonly<Required<LiveSettings>>;
  readonly totalSteps: number;
  /** What came of the last request, where that is told later. */
  readonly message?: string;
  /** @throws UserError for a value out of range */
  set(changes: LiveSettings): void;
  pause(): void;
  resume(): void;
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
        return path ? `checkpoint of step ${run.train.length} saved: ${path}` : '';
      }
      case 'backToBest': {
        const step = run.backToBest();
        return step === undefined ? '' : `back to the best checkpoint, of step ${step}, with its settings`;
      }
      case 'pause':
      case 'resume':
      case 'stop':
        run[request.ask]();
        return '';
    }
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}

/** The settings that may be changed while training goes on. */
export function liveSettings(all: Required<LiveSettings>): Required<LiveSettings> {
  const { learningRate, dropout, clipNorm } = all;
  return { learningRate, dropout, clipNorm };
}

/** @throws UserError for a setting that must stay as it is in a training */
export function checkLive(changes: object): void {
  const live = hyperparameterSettings.filter(setting => setting.live).map(({ name }) => name);
  const other = Object.keys(changes).find(name => !live.includes(name));
  if (other === undefined) return;
  const advice = hyperparameterSettings.some(({ path }) => path[0] === other)
    ? `: fork(run, data, { ${other}: … }) starts a second run with it`
    : didYouMean(other, live);
  throw new UserError(
    `Expected one of ${live.join(', ')}, which may change in a training, found ${other}${advice}`,
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
