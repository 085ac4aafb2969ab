import { UserError } from './errors';
import { percent } from './format';
import { readable } from './readable';
import { fixed } from './text';

/** What one training step measured. */
export interface TrainPoint {
  /** Training steps made so far, over all epochs: 1 after the first. */
  readonly step: number;
  /** The epoch that the step belongs to: 0 for the first, as the original program counts. */
  readonly epoch: number;
  /** Mean cross-entropy of the batch, in nats, with dropout on. */
  readonly loss: number;
  /** Part of the batch that was classified wrongly, 0..1, with dropout on. */
  readonly errorRate: number;
  /** That the step was made with; histories from before lack it. */
  readonly learningRate?: number;
  /** Global norm of the gradient before clipping; missing where it is not finite, and in histories from before. */
  readonly gradientNorm?: number;
  /** What was measured besides, by name. */
  readonly metrics?: Readonly<Record<string, number>>;
  /** Since the history began, tests included. */
  readonly seconds: number;
}

/** What one test measured. */
export interface TestPoint {
  /** Training steps made before it. */
  readonly step: number;
  readonly epoch: number;
  /** Part of all test images that was classified wrongly, 0..1. */
  readonly testError: number;
  /** Mean cross-entropy over all test images, in nats. */
  readonly testLoss: number;
  /** The same of the averaged weights, where there are any. */
  readonly averageTestError?: number;
  readonly averageTestLoss?: number;
  readonly metrics?: Readonly<Record<string, number>>;
  readonly seconds: number;
}

/** Settings that were given other values while training went on. */
export interface Change {
  /** Training steps made before it: it acts from the next one on. */
  readonly step: number;
  readonly epoch: number;
  /** The new values. */
  readonly set: Readonly<Record<string, number>>;
  readonly seconds: number;
}

/** The points of a training, in order: plain records for charts and files. */
export interface History {
  readonly train: readonly TrainPoint[];
  readonly test: readonly TestPoint[];
  readonly changes?: readonly Change[];
}

/** Training steps made, also where the records of some are lost. */
export function lastStepOf({ train }: Pick<History, 'train'>): number {
  return train.length > 0 ? train[train.length - 1].step : 0;
}

/**
 * `step 310 of 2577, loss 0.1234, test error 3.20 % (best 2.90 %)`
 * @param total steps of the whole training, where they are known
 */
export function describeHistory({ train, test }: History, total = Infinity): string {
  const loss = train[train.length - 1]?.loss;
  const errors = test.map(({ testError }) => testError);
  const averaged = test[test.length - 1]?.averageTestError;
  const [last, best] = [errors[errors.length - 1], errors.reduce((a, b) => Math.min(a, b), Infinity)];
  return [
    `step ${lastStepOf({ train })}${Number.isFinite(total) ? ` of ${total}` : ''}`,
    ...(loss === undefined ? [] : [`loss ${fixed(loss, 4)}`]),
    ...(last === undefined
      ? []
      : [`test error ${percent(last)}${best < last ? ` (best ${percent(best)})` : ''}`]),
    ...(averaged === undefined ? [] : [`with averaged weights ${percent(averaged)}`]),
  ].join(', ');
}

/** Keeps the history of a training; counts the steps and measures the time, from the moment that it is made. */
export class HistoryRecorder implements History {
  readonly train: TrainPoint[] = [];
  readonly test: TestPoint[] = [];
  readonly changes: Change[] = [];
  /** By the clock; earlier than the beginning of this process for a training that goes on from a file. */
  private start = performance.now();
  /** Steps made before the history began; more than 0 only where earlier records are lost. */
  private before = 0;

  /**
   * @param epoch 0 for the first
   * @param result of `trainStep`
   * @throws UserError if the loss is not finite: from there on there is nothing to learn
   */
  logTrain(epoch: number, result: Omit<TrainPoint, 'step' | 'epoch' | 'seconds'>): TrainPoint {
    const { loss, errorRate, learningRate, gradientNorm, metrics } = result;
    const step = this.lastStep + 1;
    if (!Number.isFinite(loss)) throw new UserError(describeBadLoss('loss', loss, step, epoch, this.train));
    const measured = {
      ...{ loss, errorRate },
      ...(learningRate === undefined ? {} : { learningRate }),
      ...(gradientNorm === undefined ? {} : { gradientNorm }),
      ...(metrics ? { metrics } : {}),
    };
    const point = { step, epoch, ...measured, seconds: this.seconds() };
    this.train.push(point);
    return point;
  }

  /**
   * @param evaluation of the test images, as `evaluate` returns it
   * @throws UserError if the loss or the error rate is not finite
   */
  logTest(
    epoch: number,
    evaluation: {
      errorRate: number;
      meanLoss: number;
      metrics?: TestPoint['metrics'];
      average?: { errorRate: number; meanLoss: number };
    },
  ): TestPoint {
    const { errorRate: testError, meanLoss: testLoss, metrics, average } = evaluation;
    const averaged = average
      ? { averageTestError: average.errorRate, averageTestLoss: average.meanLoss }
      : {};
    const wrong = [testError, testLoss, ...(average ? [average.errorRate, average.meanLoss] : [])].find(
      value => !Number.isFinite(value),
    );
    if (wrong !== undefined) {
      throw new UserError(describeBadLoss('test loss', wrong, this.lastStep, epoch, this.train));
    }
    const measured = { testError, testLoss, ...averaged, ...(metrics ? { metrics } : {}) };
    const point = { step: this.lastStep, epoch, ...measured, seconds: this.seconds() };
    this.test.push(point);
    return point;
  }

  /** @param set the settings that changed, with their new values */
  logChange(epoch: number, set: Change['set']): Change {
    const change = { step: this.lastStep, epoch, set, seconds: this.seconds() };
    this.changes.push(change);
    return change;
  }

  /** The number of the last step made; 0 before the first. */
  get lastStep(): number {
    return Math.max(this.before, lastStepOf(this));
  }

  /**
   * Put earlier points in front; the clock goes on from the last of them.
   * @param step how many steps were made, if records of the last ones may be lost
   */
  protected restore({ train, test, changes = [] }: History, step = 0): void {
    this.before = step;
    this.train.push(...train);
    this.test.push(...test);
    this.changes.push(...changes);
    const ends = [train, test, changes].map(points => points[points.length - 1]?.seconds ?? 0);
    this.start = performance.now() - Math.max(...ends) * 1000;
  }

  /** Time in which nothing was trained does not count. @param seconds how long that was */
  leaveOut(seconds: number): void {
    this.start += seconds * 1000;
  }

  private seconds(): number {
    return (performance.now() - this.start) / 1000;
  }
}

readable(HistoryRecorder.prototype, { text: history => `History: ${describeHistory(history)}` });

function describeBadLoss(
  what: string,
  loss: number,
  step: number,
  epoch: number,
  before: readonly TrainPoint[],
): string {
  const last = before[before.length - 1] as TrainPoint | undefined;
  const lastLoss = last ? `the last finite loss was ${last.loss.toFixed(4)}` : 'it was the first step';
  return (
    `Expected a finite ${what}, found ${loss} at step ${step} (epoch ${epoch}); ${lastLoss}. Try a lower learning ` +
    'rate or clipping (clipNorm 1), or look for wrong values in the images. What was recorded so far is kept'
  );
}
