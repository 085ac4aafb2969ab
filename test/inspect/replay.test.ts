/** A replay against NumPy, and against the network that it replays. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { replay, type Trace } from '../../lib/inspect/replay';
import { parseHyperparameters, type HyperparametersInput } from '../../lib/model/hyperparameters';
import { createModel } from '../../lib/model/model';
import { loadModel } from '../../lib/runs/load_model';
import { dynamicRnn } from '../../lib/rnn/unroll/dynamic_rnn';
import { readRun } from '../../lib/runs/read_run';
import { tf } from '../../lib/tfjs/tensorflow';
import { disposeModel } from '../../lib/training/evaluate';
import { train } from '../../lib/views/train';
import { assertNoLeak, maxDifference } from '../support/assert_close';
import type { GoldenTensor } from '../support/golden';
import { smallData } from '../support/small_data';
import { quiet, runsFolder, smallRun } from '../support/training';
import { insideCases } from './golden_model';

const flat = (trace: Trace) => trace.flatMap(step => [...step]);

function assertTraces(actual: Record<string, Trace>, expected: Record<string, GoldenTensor>): void {
  assert.deepEqual(Object.keys(actual).sort(), Object.keys(expected).sort());
  for (const [name, { shape, values }] of Object.entries(expected)) {
    assert.deepEqual([actual[name].length, actual[name][0].length], shape, name);
    const difference = maxDifference(flat(actual[name]), values);
    assert.ok(difference < 1e-5, `${name}: ${difference}`);
  }
}

describe('as NumPy computes it: states, gates and the answer after each step', () => {
  for (const { name, golden, model, image } of insideCases) {
    test(name, async () => {
      const record = replay(model, image);
      const difference = maxDifference(flat(record.logits), golden.logits.values);
      assert.ok(difference < 1e-5, `logits: ${difference}`);
      assert.equal(record.layers.length, golden.layers.length);
      record.layers.forEach(({ direction, layer, state, gates }, i) => {
        const expected = golden.layers[i];
        assert.deepEqual([direction, layer], [expected.direction, expected.layer]);
        assertTraces(state, expected.state);
        assertTraces(gates, expected.gates);
      });
      for (const step of record.probabilities) {
        assert.ok(Math.abs(step.reduce((sum, p) => sum + p, 0) - 1) < 1e-5);
      }
      await assertNoLeak(() => replay(model, image));
    });
  }
});

const data = smallData(4, { columns: 4 });
const small = { numLayers: 2, numHidden: 5 };
const others: HyperparametersInput[] = [
  { cell: { kind: 'basic' }, pooling: { kind: 'mean' }, bidirectional: true },
  { cell: { kind: 'grid2Gru' }, wrapper: { kind: 'attention' }, pooling: { kind: 'attention' } },
  { cell: { kind: 'bidirectionalGridLstm', featureSize: 2 }, sequence: { kind: 'rowsAndColumns' } },
  { cell: { kind: 'timeFreqLstm', featureSize: 1 }, sequence: { kind: 'permuted' } },
  { cell: { kind: 'mgu' }, sequence: { kind: 'blocks', blockSize: 2 }, wrapper: { kind: 'zoneout' } },
  { cell: { kind: 'gru' }, sequence: { kind: 'symbols' }, wrapper: { kind: 'residual' } },
  {
    cell: { kind: 'lstm' },
    sequence: { kind: 'pixels' },
    bidirectional: true,
    pooling: { kind: 'attention' },
  },
];

describe('after the last step it answers what the network answers', () => {
  for (const settings of others) {
    test(JSON.stringify(settings), () => {
      const model = createModel(parseHyperparameters({ ...small, ...settings }), data);
      const record = replay(model, data.example(1));
      const expected = tf.tidy(() =>
        model
          .logits(
            tf.tensor3d(
              Float32Array.from(data.image(1), v => v / 255),
              [1, 4, 4],
            ),
          )
          .dataSync(),
      );
      assert.ok(maxDifference(record.logits[record.numSteps - 1], expected) < 1e-5);
      // Each pixel is read once, or twice where rows and columns are read side by side.
      const read = record.reads.flat().sort((a, b) => a - b);
      const times = settings.sequence?.kind === 'rowsAndColumns' ? 2 : 1;
      assert.deepEqual(
        read,
        Array.from({ length: 16 * times }, (_, i) => Math.floor(i / times)),
      );
      assert.equal(record.layers.length, settings.bidirectional ? 4 : 2);
      disposeModel(model);
    });
  }
});

describe('what is replayed may be', () => {
  const directory = runsFolder();
  const run = smallRun(directory, { epochs: 1 });
  const image = run.data.test.example(0);

  test('a run of this process, its folder, what was read of that, or a model', async () => {
    await train(run, quiet);
    const { logits } = replay(run, image);
    const before = tf.memory().numTensors;
    for (const given of [run.model, run.folder, readRun(run.folder)]) {
      assert.deepEqual(replay(given, image).logits, logits);
    }
    assert.equal(tf.memory().numTensors, before);
  });

  test('a model of an earlier checkpoint', () => {
    const best = loadModel(run.folder, run.data.test, { step: 'best' });
    assert.equal(replay(best, image).logits.length, 4);
    disposeModel(best);
    assert.throws(() => loadModel(run.folder, run.data.test, { step: 3 }), /UserError: .*step 3/);
  });

  test("a model of one's own that says its cell and its output layer: rows and the last output go without saying", () => {
    const { forward, output } = run.model.parts!;
    const own = {
      variables: run.model.variables,
      logits: (images: tf.Tensor3D) =>
        output.call(dynamicRnn(forward, tf.unstack(images, 1) as tf.Tensor2D[]).lastOutput),
      parts: { forward, output },
    };
    assert.deepEqual(replay(own, image).logits, replay(run, image).logits);
    const doubled = { ...own, logits: (images: tf.Tensor3D) => tf.mul<tf.Tensor2D>(own.logits(images), 2) };
    assert.throws(() => replay(doubled, image), /UserError: Expected the model's parts to give the logits/);
  });

  test('nothing else: each error says what to do', () => {
    const { model } = run;
    const without = { logits: model.logits.bind(model), variables: model.variables };
    assert.throws(() => replay(without, image), /UserError: .*without `parts`: createModel/);
    const wide = { ...image, columns: 4, pixels: new Uint8Array(16) };
    assert.throws(() => replay(model, wide), /UserError: Expected images of 4 × 3 pixels, .* found 4 × 4/);
    assert.throws(() => replay('no-such-run', image), /UserError: Expected a run's folder/);
    assert.throws(() => replay(run.folder, wide), /UserError: /);
    const short = { ...image, pixels: image.pixels.subarray(1) };
    assert.throws(() => replay(model, short), /UserError: Expected 12 pixels .* found 11/);
  });

  test('not a run whose model its user made, by its folder', async () => {
    const own = smallRun(directory, { epochs: 1 }, { model: run.model });
    await train(own, quiet);
    assert.deepEqual(replay(own, image).logits.length, 4);
    assert.throws(() => replay(own.folder, image), /UserError: .*which its user made: give the model itself/);
  });
});
