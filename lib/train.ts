import type { DataSet } from './data';
import { UserError } from './errors';
import { evaluate } from './evaluate';
import { HistoryRecorder, type History, type TrainPoint } from './history';
import type { SequenceClassifier } from './model';
import type { TrainStep } from './train_step';

export interface FitOptions {
  model: SequenceClassifier;
  trainStep: TrainStep;
  train: DataSet;
  test: DataSet;
  /** Passes over the training data. */
  epochs: number;
  /** Examples in a training step. */
  batchSize: number;
  /** Steps from one test to the next, counted anew in each epoch. */
  testFreq: number;
  /** Where the history is kept: a `Run` writes it to a folder too. Default: in memory alone. */
  recorder?: HistoryRecorder;
  /** Takes the lines that the original program prints. Default console.log. */
  log?: (line: string) => void;
  /** Called after each step; `totalSteps` is the number of steps of the whole training. */
  onStep?: (point: TrainPoint, totalSteps: number) => void;
}

/**
 * The original program's training loop: in each epoch ⌊examples / batchSize⌋ steps, with a test on all test images
 * every `testFreq` steps; and one more test at the end.
 * @returns what was measured at each step and at each test
 * @throws UserError when the loss is not finite; what was recorded until then is kept
 */
export async function fit(options: FitOptions): Promise<History> {
  const { model, trainStep, train, test, epochs, batchSize, testFreq, log = console.log, onStep } = options;
  const { recorder = new HistoryRecorder() } = options;
  const stepsPerEpoch = Math.floor(train.numExamples / batchSize);
  if (stepsPerEpoch === 0) {
    throw new UserError(
      `Expected a batchSize of at most the ${train.numExamples} training examples, found ${batchSize}`,
    );
  }
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (let step = 1; step <= stepsPerEpoch; step++) {
      const point = recorder.logTrain(epoch, await trainStep(train.nextBatch(batchSize)));
      onStep?.(point, epochs * stepsPerEpoch);
      if (step % testFreq > 0) continue;
      const { testError } = recorder.logTest(epoch, await evaluate(model, test));
      log(`epoch: ${epoch}, steps: ${step}, avg_test_error: ${testError.toFixed(4)}`);
    }
  }
  if (stepsPerEpoch % testFreq > 0) recorder.logTest(epochs - 1, await evaluate(model, test));
  const { testError } = recorder.test[recorder.test.length - 1];
  log(`test error after ${epochs} ${epochs === 1 ? 'epoch' : 'epochs'}: ${testError.toFixed(4)}`);
  return recorder;
}
