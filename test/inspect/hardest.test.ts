/** Mistakes, when the answers are settled, and the rows that turn them back: on a small network with known answers. */
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { createRandom } from '../../lib/base/random';
import { DataSet } from '../../lib/data';
import { hardest } from '../../lib/inspect/hardest';
import { meanImages, repair } from '../../lib/inspect/repair';
import { replay } from '../../lib/inspect/replay';
import { settling } from '../../lib/inspect/settling';
import { parseHyperparameters } from '../../lib/model/hyperparameters';
import { createModel, type SequenceClassifier } from '../../lib/model/model';
import { tf } from '../../lib/tfjs/tensorflow';
import { disposeModel, evaluate } from '../../lib/training/evaluate';
import { smallData } from '../support/small_data';

const data = smallData(40);
const create = (seed: number, bidirectional = false) =>
  createModel(parseHyperparameters({ numLayers: 1, numHidden: 5, seed, bidirectional }), data);
const [model, other] = [create(0), create(1, true)];
after(() => [model, other].forEach(disposeModel));

describe('settling', () => {
  for (const [name, which] of Object.entries({ forward: model, 'both directions': other })) {
    test(`${name}: as replays say, image by image`, async () => {
      const { errorByStep, settledAt, median } = await settling(which, data);
      const { errorRate } = await evaluate(which, data);
      assert.equal(errorByStep.length, 4);
      assert.ok(Math.abs(errorByStep[3] - errorRate) < 1e-9);
      for (let i = 0; i < data.numExamples; i++) {
        const classes = replay(which, data.example(i)).probabilities.map(p => p.indexOf(Math.max(...p)));
        const first = classes.findIndex((_, t) => classes.slice(t).every(c => c === classes[3]));
        assert.equal(settledAt[i], first);
      }
      const sorted = [...settledAt].sort((a, b) => a - b);
      assert.equal(median, (sorted[19] + sorted[20]) / 2);
    });
  }

  test('of the first images only', async () => {
    assert.equal((await settling(model, data, { examples: 7 })).settledAt.length, 7);
    await assert.rejects(settling(model, data, { examples: 0 }), /UserError: .*positive integer/);
  });
});

describe('hardest', () => {
  test('has the mistakes and near-mistakes by loss, the pairs, and what all get wrong', async () => {
    const before = tf.memory().numTensors;
    const found = await hardest([model, other], data, { count: 5 });
    const [own, its] = [await evaluate(model, data), await evaluate(other, data)];
    const wrong = (predictions: Uint8Array) =>
      [...predictions.keys()].filter(i => predictions[i] !== data.label(i));
    assert.equal(found.numMistakes, wrong(own.predictions).length);
    assert.ok(found.mistakes.length > 0 && found.mistakes.length <= 5);
    const losses = [...found.mistakes, ...found.nearMistakes].map(({ loss }) => loss);
    const m = found.mistakes.length;
    for (const part of [losses.slice(0, m), losses.slice(m)]) {
      assert.deepEqual(
        part,
        [...part].sort((a, b) => b - a),
      );
    }
    for (const { index, prediction, label, loss, probabilities } of found.mistakes) {
      assert.equal(prediction, own.predictions[index]);
      assert.notEqual(prediction, label);
      assert.ok(Math.abs(loss + Math.log(probabilities[label])) < 1e-4);
    }
    assert.ok(found.nearMistakes.every(({ index, label }) => own.predictions[index] === label));
    const [pair] = found.confusedPairs;
    assert.equal(pair.count, own.confusion[pair.label][pair.prediction]);
    const both = wrong(own.predictions).filter(i => wrong(its.predictions).includes(i));
    assert.deepEqual(found.alwaysWrong, both);
    assert.equal(tf.memory().numTensors, before);
    await assert.rejects(hardest([], data), /UserError: .*at least one/);
  });
});

/** Answers 1 if at least `needed` rows are bright, else 0. */
const counting = (needed: number): SequenceClassifier => ({
  variables: {},
  logits: images => {
    const bright = tf.sum(tf.greater(tf.mean(images, 2), 0.5), 1);
    const score = tf.sub(tf.cast(bright, 'float32'), needed - 0.5);
    return tf.stack([tf.neg(score), score], 1) as tf.Tensor2D;
  },
});

describe('a repair', () => {
  const images = new Uint8Array(24).fill(255, 12); // a dark image of class 0, a bright one of class 1
  const labels = Uint8Array.from([0, 1]);
  const two = new DataSet(
    { images, labels, rows: 4, columns: 3, numClasses: 2, oneHot: true },
    createRandom(0),
  );
  const [dark, bright] = meanImages(two);
  const example = { ...two.example(0), label: 1 };

  test('is the smallest set of rows from the mean of the right class, and says whether no smaller one does', () => {
    assert.deepEqual([...dark, ...bright], new Array<number>(24).fill(0).fill(1, 12));
    assert.deepEqual(repair(counting(1), example, bright), { rows: [0], search: 'exact' });
    assert.deepEqual(repair(counting(2), example, bright), { rows: [0, 1], search: 'exact' });
    assert.deepEqual(repair(counting(3), example, bright), { rows: [0, 1, 2], search: 'exact' });
    assert.deepEqual(repair(counting(4), example, bright), { rows: [0, 1, 2, 3], search: 'greedy' });
    assert.equal(repair(counting(5), example, bright), undefined);
  });
});
