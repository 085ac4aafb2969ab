/** What Scanline's objects look like as the last expression of a cell, and that nothing is shown twice. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Execution } from '../kernel/kernel_client';
import { dataOf, displays, limit, useTrainingKernel } from './training_kernel';

const training = useTrainingKernel();

const typesOf = ({ messages }: Execution) =>
  displays(messages).map(message => Object.keys(dataOf(message)).sort());
const figureTypes = ['application/vnd.plotly.v1+json', 'image/svg+xml', 'text/plain'];
const tableTypes = ['text/html', 'text/plain'];

test('a figure is drawn, a table is a table; within a list they are lines', limit, async () => {
  await training.run(`import { compareRuns, confusionMatrix, choice, errorCurves, evaluate, listRuns, readRun, show,
    sweep, tf } from '../lib';`);
  const figure = await training.run('errorCurves(made.run.history)');
  assert.deepEqual(typesOf(figure), [figureTypes]);
  assert.equal(figure.stdout, '');
  const lines = await training.run('[errorCurves(made.run.history)]');
  assert.deepEqual(typesOf(lines), []);
  assert.equal(lines.stdout, '[ Figure: Training curves: no steps yet ]\n');
  assert.deepEqual(
    typesOf(await training.run(`const shown = errorCurves(made.run.history); await show(shown); shown`)),
    [figureTypes],
  );
});

test('a list of runs is shown once by each cell that ends with it', limit, async () => {
  assert.deepEqual(typesOf(await training.run('const list = listRuns(); list')), [tableTypes]);
  assert.deepEqual(typesOf(await training.run('list')), [tableTypes]);
  assert.match((await training.run('console.log(list)')).stdout, /^run +state.*\n─+[^]*-first +/);
});

test('a sweep is shown while it goes on, and by the cells that end with it later', limit, async () => {
  const cell = await training.run(`const found = await sweep(few, { learningRate: choice([0.01, 0.02]) }, {
      trials: 2, settings: { ...settings, epochs: 1, batchSize: 640 } });
    found`);
  const types = displays(cell.messages).filter(({ msg_type }) => msg_type === 'display_data');
  assert.deepEqual(
    types.map(message => Object.keys(dataOf(message)).sort()),
    [tableTypes, figureTypes],
  );
  // With what each setting does, besides, once it is over.
  assert.deepEqual(typesOf(await training.run('found')), [tableTypes, figureTypes, figureTypes]);
  const comparison = await training.run('compareRuns(found.trials.map(({ folder }) => folder!))');
  assert.deepEqual(typesOf(comparison), [tableTypes, figureTypes]);
});

test('everything else is text, without the insides of anything', limit, async () => {
  const inside = /dataId|backend|kResource|async_id|Symbol\(|Zod|\[Object\]/;
  for (const [code, expected] of [
    ['tf.tensor1d([1, 2])', /^Tensor\n[^]*\[1, 2\]\n$/],
    ['[tf.scalar(1)]', /^\[ Tensor float32 \[\]: 1 \]\n$/],
    ['few', /^\{\n {2}train: DataSet of 6400 images, [^]*\}\n$/],
    ['made.run', /^TrainingRun first, stopped: step 0 of \d+\n/],
    ['made.run.model', /^SequenceClassifier of 28 × 28 pixels into 10 classes, /],
    ['readRun(made.run.folder)', /^Run \S+-first, stopped: step 0\n$/],
    ['await evaluate(made.run.model, few.test)', /^Evaluation of 200 images: /],
    ['tf', inside], // what the check below would find
  ] as const) {
    const { stdout } = await training.run(code);
    assert.match(stdout, expected);
    if (expected !== inside) assert.doesNotMatch(stdout, inside, code);
  }
});
