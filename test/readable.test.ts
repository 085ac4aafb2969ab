/** What Scanline's own objects look like in console.log, and at the end of a cell. */
import assert from 'node:assert/strict';
import { appendFileSync, cpSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { inspect } from 'node:util';
import type { Tensor } from '@tensorflow/tfjs-node';
import * as scanline from '../lib';
import { cellTable } from '../lib/views/cell_results';
import { WatchedRun } from '../lib/training/watched_run';
import { smallData } from './support/small_data';
import { quiet, runsFolder, small, smallRun, smallSets } from './support/training';

const { DataSet, GRUCell, LSTMCell, MultiRNNCell, createRandom, tf } = scanline;
const random = createRandom(3);

describe('printed', () => {
  test('a data set, its parts and its batches', () => {
    const data = smallData(100);
    assert.equal(inspect(data), 'DataSet of 100 images, 4 × 3 pixels, 3 classes, labels one-hot');
    const named = new DataSet({ ...data, classNames: ['one', 'two', 'three'] }, random);
    assert.match(inspect(named), /3 classes \(one, two, three\)/);
    const numbered = new DataSet({ ...data, classNames: ['0', '1', '2'] }, random);
    assert.match(inspect(numbered), / 3 classes, /);
    data.nextBatch(100);
    data.nextBatch(1);
    assert.match(inspect(data), /, epoch 1$/);
    assert.equal(inspect(data.nextBatch(2)), 'Batch of 2: images [2, 4, 3], labels [2, 3] one-hot');
    assert.equal(
      inspect(smallData(10, { oneHot: false }).nextBatch(2)),
      'Batch of 2: images [2, 4, 3], labels [2]',
    );
    assert.match(inspect({ train: data }), /^\{\n {2}train: DataSet of 100 images.*\n\}$/);
  });

  test('cells in cells, before and after they are built', () => {
    const layers = new MultiRNNCell([
      new scanline.DropoutWrapper(new GRUCell(4), { outputKeepProb: 0.5 }),
      new LSTMCell(2),
    ]);
    assert.match(
      inspect(layers),
      /^MultiRNNCell: 2 units, not built yet\n {2}DropoutWrapper: 4 units, not built/,
    );
    layers.build(3, random);
    assert.equal(
      inspect(layers),
      [
        'MultiRNNCell: 3 → 2, 152 parameters',
        '  DropoutWrapper: 3 → 4, 96 parameters',
        '    GRUCell: 3 → 4, 96 parameters',
        '  LSTMCell: 4 → 2, 56 parameters',
      ].join('\n'),
    );
    assert.equal(inspect({ layers }), '{ layers: MultiRNNCell: 3 → 2, 152 parameters }');
    assert.match(inspect(layers.variables), /'cell_1\/kernel': Variable \S+ float32 \[6,8\]/);
  });

  test('every cell and wrapper that is exported', () => {
    const classes = Object.values(scanline).filter(
      (each): each is (typeof scanline)['GRUCell'] =>
        typeof each === 'function' && 'zeroState' in (each.prototype ?? {}),
    );
    assert.ok(classes.length > 20, `${classes.length} classes`);
    for (const each of classes) assert.ok(inspect.custom in each.prototype, each.name);
  });

  test('a layer, a kind, a random stream, a compiled function', () => {
    assert.equal(inspect(new scanline.Linear(3, 4, random)), 'Linear: 3 → 4, 16 parameters');
    assert.match(inspect(scanline.gruKind), /^Kind gru: kind, /);
    assert.equal(inspect(createRandom(7).fork('weights')), 'Random: seed 7, weights');
    const double = scanline.compile((x: Tensor) => tf.mul(x, 2), { name: 'double' });
    assert.equal(inspect(double), 'Compiled double: 0 graphs');
    double(tf.zeros([2, 3]));
    assert.match(inspect(double), /^Compiled double: 1 graph\n {2}for float32 \[2, 3\]: \d+ nodes$/);
  });

  test('a model, its training step, its evaluation', async () => {
    const data = smallData(20);
    const model = scanline.createModel(scanline.parseHyperparameters(small), data);
    const [head, ...weights] = inspect(model).split('\n');
    assert.equal(head, 'SequenceClassifier of 4 × 3 pixels into 3 classes, 723 parameters');
    assert.equal(weights.length, Object.keys(model.variables).length);
    assert.equal(weights[0], '  cell_0/gates/kernel [11, 16]');
    const step = scanline.createTrainStep(model, { ...quiet, optimizer: scanline.sgd(), learningRate: 0.1 });
    await step(data.nextBatch(10));
    assert.equal(inspect(step), 'TrainStep: step 1, learning rate 0.1');
    const evaluation = await scanline.evaluate(model, data);
    assert.match(
      inspect(evaluation),
      /^Evaluation of 20 images: \d+\.\d\d % wrong, mean loss \d\.\d{4} nats$/,
    );
    assert.deepEqual(Object.keys(evaluation), [
      ...['numExamples', 'errorRate', 'meanLoss', 'confusion', 'predictions'],
    ]);
  });

  test('progress, live curves and a history', () => {
    assert.equal(inspect(new scanline.Progress(10)), 'Progress: 0 of 10 steps');
    const history = new scanline.HistoryRecorder();
    assert.equal(inspect(history), 'History: step 0');
    history.logTrain(0, { loss: 1.5, errorRate: 0.5 });
    history.logTest(0, { errorRate: 0.25, meanLoss: 1 });
    history.logTest(0, { errorRate: 0.5, meanLoss: 1 });
    assert.equal(inspect(history), 'History: step 1, loss 1.5000, test error 50.00 % (best 25.00 %)');
    const live = new scanline.LiveTraining(history, { totalSteps: 9 });
    assert.match(inspect(live), /^LiveTraining: epoch 0, step 1 of 9, .*loss 1\.5000/);
  });

  test('figures and tables, which stay plain data', () => {
    const figure = scanline.errorCurves({ train: [], test: [] });
    assert.equal(inspect(figure), 'Figure: Training curves: no steps yet');
    assert.equal(inspect([figure]), '[ Figure: Training curves: no steps yet ]');
    assert.deepEqual(Reflect.ownKeys({ ...figure }), ['data', 'layout']);
    assert.deepEqual(figure, structuredClone(figure));
    const table = cellTable({ cells: [], seeds: 3, leftOut: [{ label: 'lstm', reason: 'slow' }] });
    assert.match(inspect(table), /^cell {2}units.*\n─+.*\n\nleft out: lstm: slow$/);
    assert.equal(inspect([table]), '[ Table of 0 rows and 8 columns ]');
  });

  describe('runs', () => {
    const directory = runsFolder();
    let folder: string;
    before(async () => {
      const run = smallRun(directory, { epochs: 1 }, { name: 'first' });
      assert.match(inspect(run), /^TrainingRun first, stopped: step 0 of 10\n {2}\S+-first$/);
      await scanline.train(run, quiet);
      assert.match(
        inspect(run),
        /^TrainingRun first, finished: step 10 of 10, loss \d\.\d{4}, test error \d+\.\d\d %.*\n {2}\S+-first$/,
      );
      folder = run.folder;
      run.dispose();
    });

    test('a run that was read, or is watched', () => {
      const run = scanline.readRun(folder);
      assert.match(inspect(run), /^Run \S+-first, finished: step 10, loss \d\.\d{4}, test error \d+\.\d\d %/);
      assert.deepEqual(run, structuredClone(run));
      assert.match(inspect(new WatchedRun(folder)), /^WatchedRun, finished: step 10 of 10,/);
      const recorder = new scanline.Run({ name: 'by-hand', hyperparameters: {}, directory });
      assert.match(inspect(recorder), /^Run by-hand, running: step 0\n/);
      recorder.close();
    });

    test('a damaged one says so', () => {
      const copy = join(directory, 'damaged');
      cpSync(folder, copy, { recursive: true });
      appendFileSync(join(copy, 'metrics.jsonl'), 'no metrics\n');
      const damaged = scanline.readRun(copy);
      assert.match(inspect(damaged), /\n {2}damaged: metrics\.jsonl: /);
    });

    test('a list of runs, a comparison, a sweep', async t => {
      t.mock.method(console, 'log', () => {});
      const list = scanline.listRuns({ directory });
      assert.match(inspect(list), /^run +state .*\n─+.*\n(.*\n)*.*-first +finished/);
      assert.match(inspect({ list }), /^\{ list: RunList\(\d+\) \}$/);
      const space = { learningRate: scanline.choice([0.01, 0.02]) };
      const options = { trials: 2, settings: { ...small, epochs: 1 }, directory, log: () => {} };
      const found = await scanline.sweep(smallSets(), space, options);
      assert.match(
        inspect(found),
        /^Sweep search: 2 trials, best test error \d+\.\d\d % in trial \d\n {2}learningRate 0\.0\d\n {2}\S+-sweep$/,
      );
      const folders = found.trials.map(trial => trial.folder!);
      const comparison = scanline.compareRuns(folders, { test: smallSets().test });
      assert.match(inspect(comparison), /^run .*\n─+.*\n.*\n.*\n\n.*McNemar/);
      assert.match(inspect([comparison]), /^\[ Comparison of search-trial-\d, search-trial-\d \]$/);
    });
  });
});
