/** Attributions against NumPy, and what must hold for any. */
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { attribution, type AttributionMethod } from '../../lib/inspect/attribution/attribution';
import { integratedGradients } from '../../lib/inspect/attribution/integrated_gradients';
import { parseHyperparameters } from '../../lib/model/hyperparameters';
import { createModel } from '../../lib/model/model';
import { tf } from '../../lib/tfjs/tensorflow';
import { disposeModel } from '../../lib/training/evaluate';
import { assertNoLeak, maxDifference } from '../support/assert_close';
import { smallData } from '../support/small_data';
import { insideCases } from './golden_model';

describe('as NumPy computes it by central differences', () => {
  for (const { name, golden, model, image } of insideCases) {
    const { target } = golden;
    test(name, async () => {
      const of = (method: AttributionMethod) => attribution(model, image, { method, target });
      const compare = (found: ArrayLike<number>, { values }: { values: number[] }) => {
        const difference = maxDifference(found, values);
        assert.ok(difference < 1e-5, `${difference}`);
      };
      compare(of('gradientTimesInput').values, golden.gradientTimesInput);
      compare(of('integratedGradients').values, golden.integratedGradients);
      compare(of('occlusion').rows, golden.rowOcclusion);
      await assertNoLeak(() => of('integratedGradients'));
    });
  }
});

const data = smallData(20, { columns: 4 });
const model = createModel(parseHyperparameters({ numLayers: 1, numHidden: 6 }), data);
after(() => disposeModel(model));

describe('integrated gradients', () => {
  test('add up to the difference of the logits, to 1 %', () => {
    for (let i = 0; i < 20; i++) {
      const found = attribution(model, data.example(i));
      const { sum, difference, reached, note } = found.completeness!;
      assert.ok(reached, note);
      assert.ok(Math.abs(difference - (found.logit - found.baselineLogit)) < 1e-6);
      assert.ok(Math.abs(sum - difference) <= 0.01 * Math.max(0.1, Math.abs(difference)));
      assert.ok(maxDifference([found.rows.reduce((a, b) => a + b)], [sum]) < 1e-4);
    }
  });

  test('take more points where they do not, and say where that is not enough', () => {
    const pixels = tf.ones<tf.Rank.R3>([1, 2, 2]);
    const steep = (at: number) => (images: tf.Tensor3D) =>
      tf.sigmoid(tf.mul(tf.sub(tf.mean(images, [1, 2]), at), 200)) as tf.Tensor1D;
    const some = integratedGradients(steep(0.5), pixels, 1, 8).completeness;
    assert.ok(some.reached && some.points > 8, some.note);
    const none = integratedGradients(steep(0.5), pixels, 2, 8).completeness;
    assert.ok(!none.reached && none.points === 1024);
    assert.match(none.note, /not equal to 1 %, with 1024 points/);
  });
});

test('occlusion by patches gives each pixel its share, also at the edges', () => {
  const image = data.example(0);
  const { values, logit, target } = attribution(model, image, {
    method: 'occlusion',
    patch: { rows: 3, columns: 3 },
  });
  const without = image.pixels.map((value, i) => (i >= 12 && i % 4 < 3 ? 0 : value)); // the lower left: 1 × 3
  const other = attribution(model, { ...image, pixels: without }, { method: 'occlusion', target });
  for (const i of [12, 13, 14]) assert.ok(Math.abs(3 * values[i] - (logit - other.logit)) < 1e-5);
});

test('each error says what to do', () => {
  const image = data.example(0);
  const wrong = 'integratedGradient' as AttributionMethod;
  assert.throws(
    () => attribution(model, image, { method: wrong }),
    /UserError: .*did you mean integratedGradients/,
  );
  assert.throws(() => attribution(model, image, { target: 3 }), /UserError: .*from 0 to 2, found 3/);
  assert.throws(() => attribution(model, image, { points: 0 }), /UserError: .*positive integer/);
  const patch = { rows: 5, columns: 1 };
  assert.throws(() => attribution(model, image, { method: 'occlusion', patch }), /UserError: .*1 to 4 rows/);
  const settings = parseHyperparameters({ numLayers: 1, numHidden: 3, sequence: { kind: 'symbols' } });
  const symbols = createModel(settings, data);
  assert.throws(() => attribution(symbols, image), /UserError: .*as a symbol: .*'occlusion' works/);
  assert.equal(attribution(symbols, image, { method: 'occlusion' }).rows.length, 4);
  disposeModel(symbols);
});
