import { clock } from '../base/format';
import type { TrainPoint } from '../base/history';
import { bar, StatusLine } from '../base/status_line';
import type { TrainingObserver } from '../training/observer';

/**
 * What a shell shows of a training: the lines that the original program prints, and below them one line that is redrawn,
 * with the time left. A file gets that one now and then.
 */
export function terminalProgress(status = new StatusLine()): TrainingObserver {
  // The first step takes seconds, for it is compiled: it is left out of the estimate.
  let first: TrainPoint | undefined;
  return {
    begin({ compiling }) {
      first = undefined;
      if (compiling) status.log(compiling);
    },
    step(point, { totalSteps }) {
      first ??= point;
      const rate = (point.step - first.step) / (point.seconds - first.seconds);
      if (rate > 0) status.update(columns => statusOf(point, totalSteps, rate, columns));
    },
    test({ epoch, testError, averageTestError }, { position, hyperparameters }) {
      // Not of the test at the very end, which `end` tells.
      if (position.step % hyperparameters.testFreq > 0) return;
      status.log(
        `epoch: ${epoch}, steps: ${position.step}, avg_test_error: ${testError.toFixed(4)}${averaged(averageTestError)}`,
      );
    },
    end(run) {
      status.end();
      const { epochs } = run.hyperparameters;
      const { testError, averageTestError } = run.history.test[run.history.test.length - 1] ?? {};
      if (run.status === 'finished') {
        status.log(
          `test error after ${epochs} ${epochs === 1 ? 'epoch' : 'epochs'}: ${testError.toFixed(4)}${averaged(averageTestError)}`,
        );
      } else if (run.status === 'stopped') {
        status.log(`stopped after step ${run.lastStep} of ${run.totalSteps}`);
      }
    },
  };
}

const averaged = (error: number | undefined) =>
  error === undefined ? '' : `, with averaged weights: ${error.toFixed(4)}`;

function statusOf(
  { step, epoch, loss }: TrainPoint,
  totalSteps: number,
  rate: number,
  columns: number,
): string {
  const parts = [
    ...[`epoch ${epoch}`, `step ${step} of ${totalSteps}`, `${rate.toFixed(1)} steps/s`],
    ...[`loss ${loss.toFixed(4)}`, `${clock((totalSteps - step) / rate)} left`],
  ];
  const text = parts.join(', ');
  return `${text} ${bar(step / totalSteps, columns - text.length - 3)}`.trimEnd();
}
