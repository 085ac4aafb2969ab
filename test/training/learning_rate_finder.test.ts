import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { learningRateCurve } from '../../lib/charts';
import { range } from '../../lib/base/range';
import { judge, learningRateFinder, smoothUntilLowest } from '../../lib/training/recipe/learning_rate_finder';
import { findCheckpoint } from '../../lib/runs/checkpoints';
import { train } from '../../lib/views/train';
import { createModel } from '../../lib/model/model';
import { parseHyperparameters } from '../../lib/model/hyperparameters';
import { assertNoLeak, assertNumbersClose } from '../support/assert_close';
import { numbersOf, quiet, runsFolder, small, smallRun, smallSets, weightsOf } from '../support/training';

const directory = runsFolder();
const settings = { optimizer: { kind: 'adam' }, averageDecay: 0.9, schedule: { kind: 'cosine' } } as const;
const until = (last: number) => ({
  observers: [{ step: ({ step }: { step: number }, run: { stop(): void }) => step === last && run.stop() }],
});

describe('learningRateFinder', () => {
  test('leaves the run as it was, bit for bit: weights, optimizer, averages, order, masks and records', async () => {
    const [plain, tried] = [smallRun(directory, settings), smallRun(directory, settings)];
    await train(plain, until(7));
    await train(tried, until(7));
    const before = findCheckpoint(tried.folder).checkpoint;
    const found = await learningRateFinder(tried, { steps: 25, maximum: 10 });
    assert.ok(found.rates.length > 5);
    assert.equal(tried.history.train.length, 7);
    tried.saveCheckpoint();
    const { tensors, info } = findCheckpoint(tried.folder).checkpoint;
    assert.deepEqual(tensors, before.tensors);
    assert.deepEqual({ ...info, keep: false }, before.info);
    for (const run of [plain, tried]) await train(run, quiet);
    assert.deepEqual(numbersOf(tried.history), numbersOf(plain.history));
    assert.deepEqual(weightsOf(tried), weightsOf(plain));
  });

  test('finds a rate with which training goes well, and says why', async () => {
    const run = smallRun(directory, { optimizer: { kind: 'adam' }, dropout: 0, epochs: 4 });
    const found = await learningRateFinder(run, { steps: 60 });
    const { suggestion, reason, rates, steepest, lowest } = found;
    assertNumbersClose([rates[0]], [1e-6]);
    assert.equal(suggestion, Math.min(steepest!, lowest / 10));
    assert.match(reason, /falls fastest/);
    assert.ok(suggestion > 1e-4 && suggestion < 0.3, String(suggestion));
    run.set({ learningRate: suggestion });
    await train(run, quiet);
    assert.ok(run.history.test[run.history.test.length - 1].testLoss < 0.8 * run.history.train[0].loss);
    const { data, layout } = learningRateCurve(found);
    assert.equal(data.length, 2);
    assert.equal(layout.shapes!.length, 1);
  });

  test('leaves no tensor behind, and a model of the user as it was', async () => {
    const model = createModel(parseHyperparameters(small), smallSets().train);
    const run = smallRun(directory, {}, { model });
    await learningRateFinder(run, { steps: 5 });
    const before = weightsOf(run);
    await assertNoLeak(() => learningRateFinder(run, { steps: 5 }));
    assert.deepEqual(weightsOf(run), before);
    await train(run, until(1)); // the weights are the run's own still
  });

  test('is not possible while the run is trained, nor training meanwhile', async () => {
    const run = smallRun(directory);
    const trying = learningRateFinder(run, { steps: 5 });
    await assert.rejects(train(run, quiet), /learning rates being tried out/);
    await trying;
    let refused: Promise<unknown> | undefined;
    await train(run, {
      observers: [
        {
          async step(_, { lastStep }) {
            if (lastStep > 1) return run.stop();
            refused = assert.rejects(learningRateFinder(run), /Expected a run that nobody trains/);
            await refused;
          },
        },
      ],
    });
    assert.ok(refused);
  });

  test('complains of what is no test', async () => {
    const run = smallRun(directory);
    await assert.rejects(learningRateFinder(run, { minimum: 1, maximum: 0.1 }), /Expected a minimum above 0/);
    await assert.rejects(learningRateFinder(run, { steps: 2 }), /Expected an integer from 5/);
    await assert.rejects(learningRateFinder(run, { smoothing: 1 }), /Expected a smoothing/);
  });
});

describe('what the range test says', () => {
  const rates = range(61).map(i => 10 ** (-6 + i / 10));
  const said = (lossAt: (power: number) => number) => {
    const losses = rates.map(rate => lossAt(Math.log10(rate)));
    return judge(rates, losses, losses);
  };

  test('the lower of the steepest place and a tenth of the lowest', () => {
    const early = said(power => 2.3 - 2 / (1 + Math.exp(-4 * (power + 4))) + Math.max(0, power + 1) ** 2);
    assertNumbersClose([Math.log10(early.suggestion!)], [-4], 0.15);
    assert.match(early.reason, /^where the loss, smoothed, falls fastest, from 2\.29\d* to 0\.3/);
    const late = said(
      power => 2.3 - 2 / (1 + Math.exp(-8 * (power + 1.3))) + 20 * Math.max(0, power + 1) ** 2,
    );
    assert.equal(late.suggestion, late.lowest / 10);
    assert.match(late.reason, /^a tenth of the rate with the lowest loss, smoothed \(2.3 to /);
  });

  test('the same, however high the loss is once it has exploded', () => {
    const found = [3, 300, 30_000].map(exploded => {
      const losses = rates.map((_, i) => (i < 50 ? 2.3 - 1.5 / (1 + Math.exp((35 - i) / 3)) : exploded));
      return judge(rates, losses, smoothUntilLowest(losses, 0.8));
    });
    const answers = found.map(({ suggestion, steepest, lowest }) => ({ suggestion, steepest, lowest }));
    assert.deepEqual(answers, [answers[0], answers[0], answers[0]]);
    assertNumbersClose([Math.log10(answers[0].steepest!), Math.log10(answers[0].lowest)], [-2.5, -1.1], 0.3);
  });

  test('nothing below the rates that were tried', () => {
    const rates = range(9).map(i => 10 ** (i / 2 - 4));
    const losses = [2.3, 2.29, 2.3, 2.31, 2.32, 2.4, 3, 5, 9];
    const { suggestion, reason } = judge(rates, losses, losses);
    assert.equal(suggestion, undefined);
    assert.match(reason, /lowest at 0\.00032, among the first rates, as by chance/);
  });

  test('nothing where the loss never falls', () => {
    const { suggestion, reason } = said(power => 2 + power / 10);
    assert.equal(suggestion, undefined);
    assert.match(reason, /never falls/);
  });
});
