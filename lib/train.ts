import { setImmediate } from 'node:timers/promises';
import type { DataSet } from './data';
import { UserError } from './errors';
import { evaluate } from './evaluate';
import type { History, TestPoint, TrainPoint } from './history';
import type { SequenceClassifier } from './model';
import type { Run } from './runs/run';
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
  /** Where to record; without it nothing is written. */
  run?: Run;
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
  const {
    model,
    trainStep,
    train,
    test,
    epochs,
    batchSize,
    testFreq,
    run,
    log = console.log,
    onStep,
  } = options;
  const stepsPerEpoch = Math.floor(train.numExamples / batchSize);
  if (stepsPerEpoch === 0) {
    throw new UserError(
      `Expected a batchSize of at most the ${train.numExamples} training examples, found ${batchSize}`,
    );
  }
  const totalSteps = epochs * stepsPerEpoch;
  const history: History = { train: [], test: [] };
  const start = performance.now();
  const seconds = () => (performance.now() - start) / 1000;

  async function testNow(epoch: number, step: number): Promise<TestPoint> {
    const { errorRate, meanLoss } = await evaluate(model, test);
    const point = { step, epoch, testError: errorRate, testLoss: meanLoss, seconds: seconds() };
    history.test.push(point);
    run?.logTest(point);
    return point;
  }

  for (let epoch = 0; epoch < epochs; epoch++) {
    for (let stepInEpoch = 1; stepInEpoch <= stepsPerEpoch; stepInEpoch++) {
      const step = epoch * stepsPerEpoch + stepInEpoch;
      const { loss, errorRate } = trainStep(train.nextBatch(batchSize));
      const point = { step, epoch, loss, errorRate, seconds: seconds() };
      checkFinite(point, history.train, run);
      history.train.push(point);
      run?.logTrain(point);
      onStep?.(point, totalSteps);
      if (stepInEpoch % testFreq === 0) {
        const { testError } = await testNow(epoch, step);
        log(`epoch: ${epoch}, steps: ${stepInEpoch}, avg_test_error: ${testError.toFixed(4)}`);
      }
      await setImmediate(); // let the notebook answer meanwhile
    }
  }
  const last = history.test[history.test.length - 1];
  const { testError } = last?.step === totalSteps ? last : await testNow(epochs - 1, totalSteps);
  log(`test error after ${epochs} ${epochs === 1 ? 'epoch' : 'epochs'}: ${testError.toFixed(4)}`);
  return history;
}

function checkFinite({ step, epoch, loss }: TrainPoint, before: readonly TrainPoint[], run?: Run): void {
  if (Number.isFinite(loss)) return;
  const last =
    before.length > 0
      ? `the last finite loss was ${before[before.length - 1].loss.toFixed(4)}`
      : 'it was the first';
  const kept = run ? `; the metrics so far are in ${run.folder}` : '';
  throw new UserError(
    `Expected a finite loss, found ${loss} at step ${step} (epoch ${epoch}); ${last}. Try a lower learning rate, ` +
      `clipping (clipNorm 1), or look for wrong values in the images${kept}`,
  );
}
