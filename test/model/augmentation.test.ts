import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { digitGrid } from '../../lib/charts';
import { range } from '../../lib/base/range';
import { randomAffine } from '../../lib/model/augmentation/affine';
import { augment, augmentExamples, createAugmentation } from '../../lib/model/augmentation/augment';
import { displacements } from '../../lib/model/augmentation/elastic';
import { projectiveTransform } from '../../lib/model/augmentation/projective_transform';
import { resample } from '../../lib/model/augmentation/resample';
import { parseHyperparameters, type HyperparametersInput } from '../../lib/model/hyperparameters';
import { batchTensors } from '../../lib/model/batch_tensors';
import { createModel } from '../../lib/model/model';
import { smoothLabels, softmaxCrossEntropy } from '../../lib/model/loss';
import { sgd } from '../../lib/optimizers';
import { randomUniform } from '../../lib/tfjs/random_uniform';
import { tf } from '../../lib/tfjs/tensorflow';
import { createTrainStep } from '../../lib/training/train_step';
import { assertClose, assertNoLeak, assertNumbersClose } from '../support/assert_close';
import { smallData } from '../support/small_data';

const seedOf = (step: number) => tf.tensor1d([7, step], 'int32');
const noise = (batch: number, rows: number, columns: number) =>
  randomUniform([batch, rows, columns], seedOf(0)) as tf.Tensor3D;
const all = { shift: 2, subpixel: true, rotation: 30, scaling: 0.3, shear: 20 };

/** Moved down and to the right by whole pixels, black outside. */
function moved(images: tf.Tensor3D, down: number, across: number): tf.Tensor3D {
  const [, rows, columns] = images.shape;
  const room = Math.max(Math.abs(down), Math.abs(across));
  const padded = tf.pad(images, [[0, 0], [room, room], [room, room]]); // prettier-ignore
  return tf.slice(padded, [0, room - down, room - across], [-1, rows, columns]);
}

describe('augment', () => {
  test('does nothing by default', () => {
    const images = noise(2, 4, 3);
    assert.deepEqual(augment(images, {}, 1).dataSync(), images.dataSync());
  });

  test('shifts by whole pixels exactly, each image by a distance of its own, and by all of them', () => {
    const images = noise(60, 4, 3);
    const shifted = augment(images, { augmentation: { kind: 'affine', shift: 1 } }, 1);
    const steps = [-1, 0, 1].flatMap(down => [-1, 0, 1].map(across => [down, across] as const));
    const possible = steps.map(([down, across]) => moved(images, down, across).arraySync());
    const found = (shifted.arraySync() as unknown[]).map((image, i) => {
      const place = possible.findIndex(each => JSON.stringify(each[i]) === JSON.stringify(image));
      assert.ok(place >= 0, `image ${i}`);
      return place;
    });
    assert.equal(new Set(found).size, 9);
  });

  test('is decided by seed and step alone', () => {
    const images = noise(3, 6, 5);
    const settings = { augmentation: { kind: 'elastic', rotation: 10 }, seed: 3 } as const;
    const values = (seed: number, step: number) => [
      ...augment(images, { ...settings, seed }, step).dataSync(),
    ];
    assert.deepEqual(values(3, 5), values(3, 5));
    assert.notDeepEqual(values(3, 5), values(3, 6));
    assert.notDeepEqual(values(3, 5), values(4, 5));
  });

  test("TensorFlow's transformation and our own, which takes displacements too, agree", () => {
    const images = noise(5, 7, 6);
    const none = tf.zerosLike(images);
    fc.assert(
      fc.property(fc.nat(1000), step =>
        tf.tidy(() => {
          const affine = randomAffine(images.shape, seedOf(step), all);
          const own = resample(images, affine, [none, none]);
          assertClose(own, projectiveTransform(images, affine), 1e-4);
        }),
      ),
      { numRuns: 20 },
    );
  });

  test('turns, stretches and slants about the middle by no more than it may', () => {
    const [rows, columns] = [9, 9];
    const partsOf = (amounts: object) =>
      randomAffine([500, rows, columns], seedOf(1), { ...all, ...{ shift: 0, rotation: 0, scaling: 0, shear: 0 }, ...amounts })
        .map(each => [...each.dataSync()]); // prettier-ignore
    const most = (values: number[]) => Math.max(...values.map(Math.abs));
    const turned = partsOf({ rotation: 30 });
    const angles = turned[0].map((cos, i) => Math.atan2(turned[1][i], cos) * (180 / Math.PI));
    assert.ok(most(angles) <= 30.001 && most(angles) > 29);
    turned[0].forEach((a, i) => {
      const [b, c, d, e, f] = turned.slice(1).map(each => each[i]);
      assertNumbersClose([a * 4 + b * 4 + c, d * 4 + e * 4 + f, a * e - b * d], [4, 4, 1], 1e-5);
    });
    const stretched = partsOf({ scaling: 0.25 }).map(each => each.map(value => 1 / value));
    for (const factors of [stretched[0], stretched[4]]) {
      assert.ok(Math.min(...factors) >= 0.7499 && Math.max(...factors) <= 1.2501);
      assert.ok(Math.max(...factors) - Math.min(...factors) > 0.45);
    }
    const slanted = partsOf({ shear: 20 });
    const slants = slanted[1].map(b => Math.atan(b) * (180 / Math.PI));
    assert.ok(most(slants) <= 20.001 && most(slants) > 19);
  });

  test('the elastic field is noise under a Gaussian', () => {
    const [rows, columns, sigma, alpha] = [5, 4, 0.8, 3];
    const [across, down] = displacements([2, rows, columns], seedOf(4), { alpha, sigma });
    const uniform = (randomUniform([4, rows, columns], seedOf(4)) as tf.Tensor3D).arraySync();
    const density = range(7).map(i => Math.exp(-((i - 3) ** 2) / (2 * sigma ** 2)));
    const sum = density.reduce((a, b) => a + b);
    const weight = (distance: number) => (density[distance + 3] ?? 0) / sum;
    const expected = uniform.map(image =>
      range(rows).map(y =>
        range(columns).map(x => {
          const terms = image.flatMap((row, v) =>
            row.map((u, w) => weight(y - v) * weight(x - w) * (2 * u - 1) * alpha),
          );
          return terms.reduce((a, b) => a + b);
        }),
      ),
    );
    assertNumbersClose([...across.dataSync(), ...down.dataSync()], expected.flat(2), 1e-5);
  });

  test('a grid shows images before and after', () => {
    const data = smallData(8);
    const before = range(8).map(i => data.example(i));
    const after = augmentExamples(before, { augmentation: { kind: 'affine', shift: 1 } }, 2);
    assert.equal(digitGrid([...before, ...after]).layout.images!.length, 16);
    assert.deepEqual(after.map(({ label }) => label), before.map(({ label }) => label)); // prettier-ignore
    assert.ok(after.some(({ pixels }, i) => pixels.join() !== before[i].pixels.join()));
    assert.deepEqual(augmentExamples(before, {}, 2).map(({ pixels }) => pixels), before.map(({ pixels }) => pixels)); // prettier-ignore
  });

  test('leaves no tensor behind', async () => {
    const images = noise(2, 4, 3);
    await assertNoLeak(() => augment(images, { augmentation: { kind: 'elastic' } }, 1).dispose());
  });
});

describe('a training step', () => {
  const settings: HyperparametersInput = { numLayers: 1, numHidden: 5, dropout: 0, seed: 2 };
  const augmentation = { kind: 'affine', shift: 1, rotation: 20 } as const;

  test('sees the images that `augment` gives, and labels that are smoothed for the loss alone', async () => {
    const data = smallData(20);
    const model = createModel(parseHyperparameters(settings), data);
    const step = createTrainStep(model, {
      ...{ optimizer: sgd(), learningRate: 0, seed: 2, labelSmoothing: 0.1, log: () => {} },
      augment: createAugmentation(parseHyperparameters({ augmentation }).augmentation),
    });
    await step(data.nextBatch(5));
    const batch = data.nextBatch(10);
    const { loss, errorRate } = await step(batch);
    const { images, labels } = batchTensors(batch);
    const logits = model.logits(augment(images, { ...settings, augmentation }, 2));
    const expected = tf.losses.softmaxCrossEntropy(labels, logits, undefined, 0.1); // tfjs's own smoothing
    assertNumbersClose([loss], [expected.dataSync()[0]], 1e-6);
    assertNumbersClose([softmaxCrossEntropy(logits, smoothLabels(labels, 0.1)).dataSync()[0]], [loss], 1e-6);
    const wrong = tf.notEqual(tf.argMax(logits, 1), tf.argMax(labels, 1));
    assertNumbersClose([errorRate], [tf.mean(tf.cast(wrong, 'float32')).dataSync()[0]], 1e-6);
  });

  test('is the same as one graph and operation by operation', async () => {
    const data = smallData(20);
    const batch = data.nextBatch(10);
    const augment = createAugmentation(
      parseHyperparameters({ augmentation: { kind: 'elastic' } }).augmentation,
    );
    const losses: number[] = [];
    for (const compile of [true, false]) {
      const model = createModel(parseHyperparameters(settings), data);
      const step = createTrainStep(model, {
        ...{ optimizer: sgd(), learningRate: 0.1, compile, augment },
        log: () => {},
      });
      await step(batch);
      await assertNoLeak(async () => void losses.push((await step(batch)).loss));
    }
    assertNumbersClose([losses[0]], [losses[1]], 1e-6);
  });
});
