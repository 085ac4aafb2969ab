/** An observer that ends a training which gets no better. */
import { UserError } from '../../base/errors';
import { percent, showValue } from '../../base/format';
import type { TestPoint } from '../../base/history';
import type { TrainingObserver } from '../observer';

/** What gets better by getting smaller. */
export type Monitored = 'testError' | 'testLoss' | 'averageTestError' | 'averageTestLoss';

/** Options of `earlyStopping`. */
export interface EarlyStoppingOptions {
  /** Tests without an improvement after which training stops. Default 5. */
  patience?: number;
  /** An improvement is more than that: of an error a fraction, of a loss in nats. Default 0. */
  minDelta?: number;
  /** Of each test; the averages only with the setting `averageDecay`. Default 'testError'. */
  monitor?: Monitored;
  /** Takes the line that says why it stopped. Default console.log. */
  log?: (line: string) => void;
}

/**
 * Stop a training when its tests get no better: give the run validation images as its test images, or the test images
 * decide when to stop and no longer say how good the network is on others. It looks at all tests of the run, so a run
 * that was resumed stops where it would have stopped. `run.backToBest()` then takes the best checkpoint.
 *
 * @example
 * const run = createRun({ train: mnist.train, test: mnist.validation }, { epochs: 50 });
 * await train(run, { observers: [liveCurves(), earlyStopping({ patience: 3 })] });
 */
export function earlyStopping(options: EarlyStoppingOptions = {}): TrainingObserver {
  const { patience = 5, minDelta = 0, monitor = 'testError', log = console.log } = options;
  if (!Number.isInteger(patience) || patience < 1) {
    throw new UserError(`Expected a positive integer as patience, found ${patience}`);
  }
  if (!(minDelta >= 0)) throw new UserError(`Expected a minDelta of at least 0, found ${minDelta}`);
  return {
    test(_, run) {
      const { test } = run.history;
      const best = lastImprovement(test, monitor, minDelta);
      if (test.length - 1 - best < patience) return;
      const { step, [monitor]: value } = test[best];
      const shown = monitor.endsWith('Error') ? percent(value) : showValue(value);
      log(
        `stopped early: no test was better than that after step ${step}, ${monitor} ${shown}, in ${patience} tests`,
      );
      run.stop();
    },
  };
}

/** The index of the last test that was better than all before it. @throws UserError where it was not measured */
function lastImprovement(tests: readonly TestPoint[], monitor: Monitored, minDelta: number): number {
  let [best, lowest] = [-1, Infinity];
  tests.forEach((point, i) => {
    const value = point[monitor];
    if (value !== undefined && value < lowest - minDelta) [best, lowest] = [i, value];
  });
  if (best >= 0) return best;
  throw new UserError(
    `Expected tests with ${monitor}, found none: a run has averages with the setting averageDecay, such as 0.999`,
  );
}
