import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { errorCurves } from '../../lib/charts';
import { drawLiveCurves } from '../../lib/charts/live_curves';
import { readRun } from '../../lib/runs/read_run';
import { fork, resume } from '../../lib/training/create_run';
import { continueTraining, train } from '../../lib/views/train';
import { LiveTraining, liveOptionsOf } from '../../lib/views/live_training';
import { controls } from '../../lib/views/controls';
import { assertNumbersClose as close } from '../support/assert_close';
import { click, find, move, useWidgetKernel } from '../support/widget_kernel';
import { numbersOf, quiet, runsFolder, small, smallRun, smallSets, weightsOf } from '../support/training';

const directory = runsFolder();
const cosine = { schedule: { kind: 'cosine' }, epochs: 1, learningRate: 0.01 } as const;
const half = (progress: number) => (0.01 * (1 + Math.cos(Math.PI * progress))) / 2;
const ratesOf = ({ history }: ReturnType<typeof smallRun>) =>
  history.train.map(({ learningRate }) => learningRate!);
const until = (last: number) => ({
  observers: [{ step: ({ step }: { step: number }, run: { stop(): void }) => step === last && run.stop() }],
});

describe('the learning rate of each step', () => {
  test('follows the schedule, is recorded, and needs no other graph', async () => {
    const run = smallRun(directory, { ...cosine, warmupSteps: 2 });
    let compiled = 0;
    await train(run, { observers: [{ step: (_, { compiling }) => void (compiling && compiled++) }] });
    close(ratesOf(run), [0.005, 0.01, ...[0, 1, 2, 3, 4, 5, 6, 7].map(i => half(i / 8))]);
    assert.equal(compiled, 0);
    close(
      readRun(run.folder).train.map(({ learningRate }) => learningRate!),
      ratesOf(run),
      0,
    );
    for (const { gradientNorm } of run.history.train) assert.ok(gradientNorm! > 0);
  });

  test('is the same bit for bit after a resume', async () => {
    const settings = { ...cosine, warmupSteps: 3, epochs: 2 };
    const [whole, parts] = [smallRun(directory, settings), smallRun(directory, settings)];
    await train(whole, quiet);
    await train(parts, until(7));
    const rest = resume(parts.folder, smallSets(), quiet);
    await train(rest, quiet);
    assert.deepEqual(numbersOf(rest.history), numbersOf(whole.history));
    assert.deepEqual(weightsOf(rest), weightsOf(whole));
  });

  test('is that of the longer training from the moment that epochs are added', async () => {
    const run = smallRun(directory, cosine);
    await train(run, quiet);
    await continueTraining(run, { epochs: 1, ...quiet });
    close(
      [9, 10, 15].map(made => ratesOf(run)[made]),
      [half(0.9), half(0.5), half(0.75)],
      1e-12,
    );
    assert.deepEqual(
      run.history.changes.map(({ set }) => set),
      [{ epochs: 2 }],
    );
  });

  test('by default is the setting, with the decay per epoch', async () => {
    const run = smallRun(directory, { learningRateDecay: 0.5 });
    await train(run, quiet);
    assert.deepEqual(new Set(ratesOf(run)), new Set([0.01, 0.005]));
    assert.equal(run.settings.manualLearningRate, undefined);
    assert.throws(
      () => run.set({ manualLearningRate: 0.1 }),
      /leaves the rate as it is set; set learningRate/,
    );
  });
});

describe('a rate set by hand', () => {
  test('takes over, also after a resume, until the schedule has it back', async () => {
    const run = smallRun(directory, cosine);
    await train(run, until(2));
    run.set({ learningRate: 0.002 });
    assert.equal(run.settings.learningRate, 0.002);
    await train(run, until(4));
    const rest = resume(run.folder, smallSets(), quiet);
    await train(rest, until(6));
    rest.set({ manualLearningRate: 0 });
    await train(rest, until(7));
    close(ratesOf(rest), [half(0), half(0.1), 0.002, 0.002, 0.002, 0.002, half(0.6)]);
    assert.throws(() => rest.set({ learningRate: 0 }), /learningRate: found 0/);
    rest.set({ learningRate: 0.002 });
    const forked = fork(rest, smallSets(), { learningRate: 0.02 }, quiet);
    assert.equal(forked.hyperparameters.manualLearningRate, 0);
    assert.equal(fork(rest, smallSets(), {}, quiet).hyperparameters.manualLearningRate, 0); // as at its checkpoint
  });

  test('is told by the figures and marked in the charts, which have an axis for the rate', async () => {
    const run = smallRun(directory, cosine);
    const live = new LiveTraining(run.history, liveOptionsOf(run));
    await train(run, until(2));
    assert.match(String(live), /gradient norm [\d.]+, learning rate 0.0097553 by schedule, /);
    run.set({ learningRate: 0.002 });
    await train(run, until(4));
    assert.match(String(live), /learning rate 0.002 by hand, not by schedule/);
    run.set({ manualLearningRate: 0 });
    await train(run, until(6));
    const texts = [drawLiveCurves(run.history, run.totalSteps), JSON.stringify(errorCurves(run.history))];
    for (const text of texts) {
      for (const told of ['learningRate 0.002 by hand', 'learningRate by schedule', 'learning rate']) {
        assert.ok(text.includes(told), told);
      }
    }
    assert.ok(errorCurves(run.history).layout.yaxis3);
    const plain = smallRun(directory, { ...small, epochs: 1 });
    await train(plain, quiet);
    assert.equal(errorCurves(plain.history).layout.yaxis3, undefined);
  });
});

describe('controls of a run with a schedule', () => {
  useWidgetKernel();

  test('the slider takes the place of the schedule, and a button goes back', () => {
    const run = smallRun(directory, cosine);
    controls(run);
    assert.equal(find('Rate by schedule').state.disabled, true);
    move('learningRate, exactly', 0.004);
    assert.equal(run.hyperparameters.manualLearningRate, 0.004);
    assert.equal(find('learningRate').state.value, 0.004);
    assert.equal(find('Rate by schedule').state.disabled, false);
    click('Rate by schedule');
    assert.equal(run.hyperparameters.manualLearningRate, 0);
    assert.equal(find('learningRate').state.value, 0.01);
  });
});
