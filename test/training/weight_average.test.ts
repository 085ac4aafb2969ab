import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { join } from 'node:path';
import { errorCurves } from '../../lib/charts';
import { drawLiveCurves } from '../../lib/charts/live_curves';
import { exportModel } from '../../lib/export/export_model';
import { loadWeights } from '../../lib/export/load_weights';
import { predict } from '../../lib/export/predict';
import { createModel } from '../../lib/model/model';
import { parseHyperparameters } from '../../lib/model/hyperparameters';
import { loadModel } from '../../lib/runs/load_model';
import { findCheckpoint } from '../../lib/runs/checkpoints';
import { readRun } from '../../lib/runs/read_run';
import { createRun, fork } from '../../lib/training/create_run';
import { evaluate } from '../../lib/training/evaluate';
import { decayAt } from '../../lib/training/recipe/weight_average';
import { train } from '../../lib/views/train';
import { assertNumbersClose as close } from '../support/assert_close';
import { linesOf, quiet, runsFolder, small, smallRun, smallSets, weightsOf } from '../support/training';

const directory = runsFolder();
const averaging = { averageDecay: 0.9, epochs: 1 } as const;
const flat = (model: Parameters<typeof weightsOf>[0]['model']) =>
  Object.values(weightsOf({ model })).flatMap(values => [...(values as Float32Array)]);

describe('the exponential moving average of the weights', () => {
  test('is that of the weights after each step, with a decay that grows', async () => {
    const run = smallRun(directory, averaging);
    let expected = flat(run.model);
    close(flat(run.averagedModel!), expected, 0);
    const observer = {
      step({ step }: { step: number }) {
        const decay = Math.min(0.9, (1 + step) / (10 + step)); // of tf.train.ExponentialMovingAverage
        const weights = flat(run.model);
        expected = expected.map((value, i) => value - (1 - decay) * (value - weights[i]));
      },
    };
    await train(run, { observers: [observer] });
    close(flat(run.averagedModel!), expected, 1e-6);
    assert.equal(decayAt({ decay: 0.9, variables: {} }, 1000), 0.9);
  });

  test('leaves the training itself as it is', async () => {
    const [plain, averaged] = [smallRun(directory, { epochs: 1 }), smallRun(directory, averaging)];
    for (const run of [plain, averaged]) await train(run, quiet);
    assert.deepEqual(weightsOf(averaged), weightsOf(plain));
    assert.equal(plain.averagedModel, undefined);
    assert.ok(!('averageTestError' in plain.history.test[0]));
  });

  test('is tested beside the weights, recorded, told and drawn', async () => {
    const { lines, observer } = linesOf();
    const run = smallRun(directory, averaging);
    await train(run, { observers: [observer] });
    const { errorRate, meanLoss } = await evaluate(run.averagedModel!, smallSets().test);
    const [last] = readRun(run.folder).test.slice(-1);
    assert.deepEqual([last.averageTestError, last.averageTestLoss], [errorRate, meanLoss]);
    assert.equal(run.evaluation!.average!.errorRate, errorRate);
    assert.notEqual(last.testLoss, meanLoss);
    assert.match(lines[lines.length - 1], /: 0\.\d{4}, with averaged weights: 0\.\d{4}$/);
    assert.ok(drawLiveCurves(run.history, 10).includes('test, averaged weights'));
    const drawn = errorCurves(run.history).data.filter(({ name }) => name === 'test, averaged weights');
    assert.equal(drawn.length, 1);
  });

  test('can be loaded, exported and asked in place of the weights', async () => {
    const run = smallRun(directory, averaging);
    await train(run, quiet);
    const loaded = loadModel(run.folder, smallSets().test, { weights: 'average' });
    assert.deepEqual(weightsOf({ model: loaded }), weightsOf({ model: run.averagedModel! }));
    assert.deepEqual(weightsOf({ model: loadModel(run.folder) }), weightsOf(run));
    const image = smallSets().test.example(0);
    const [answer] = await predict(run.folder, [image], { weights: 'average' });
    assert.deepEqual(answer, (await predict(run.averagedModel!, [image]))[0]);
    const out = join(directory, 'exported');
    exportModel(run.folder, out, { format: 'safetensors', weights: 'average' });
    const model = createModel(parseHyperparameters({ ...small, seed: 9 }), smallSets().test);
    loadWeights(model, join(out, 'model.safetensors'));
    assert.deepEqual(weightsOf({ model }), weightsOf({ model: run.averagedModel! }));
    await assert.rejects(predict(run.model, [image], { weights: 'average' }), /run.averagedModel is the one/);
  });

  test('begins with the weights in a fork of a run without it, and is left out in one that needs none', async () => {
    const run = smallRun(directory, { epochs: 1 });
    await train(run, quiet);
    assert.throws(
      () => loadModel(run.folder, undefined, { weights: 'average' }),
      /found none: its run has no/,
    );
    const averaged = fork(run, smallSets(), { averageDecay: 0.5, epochs: 2 }, quiet);
    assert.deepEqual(weightsOf({ model: averaged.averagedModel! }), weightsOf(run));
    await train(averaged, quiet);
    const without = fork(averaged, smallSets(), { averageDecay: 0 }, quiet);
    const names = (folder: string) => Object.keys(findCheckpoint(folder).checkpoint.tensors);
    assert.ok(names(averaged.folder).some(name => name.startsWith('average/')));
    without.saveCheckpoint();
    assert.ok(!names(without.folder).some(name => name.startsWith('average/')));
  });

  test('is not possible with a model of the user', () => {
    const model = createModel(parseHyperparameters(small), smallSets().train);
    assert.throws(() => createRun(smallSets(), { averageDecay: 0.9 }, { ...quiet, directory, model }), {
      message: /Expected no averageDecay with a model of your own/,
    });
  });
});
