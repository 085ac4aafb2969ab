import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { disposeModel } from '../../lib/training/evaluate';
import { defaultHyperparameters, parseHyperparameters } from '../../lib/model/hyperparameters';
import { countParameters, createModel } from '../../lib/model/model';
import { Pass } from '../../lib/rnn';
import { tf } from '../../lib/tfjs/tensorflow';
import { assertClose, assertNoLeak } from '../support/assert_close';

const mnist = { rows: 28, columns: 28, numClasses: 10 };

describe('createModel', () => {
  test("the original program's network has 620,610 weights, with LSTM cells 826,810", () => {
    const gru = createModel(defaultHyperparameters, mnist);
    assert.equal(countParameters(gru), 620_610);
    const lstm = createModel(parseHyperparameters({ cell: { kind: 'lstm' } }), mnist);
    assert.equal(countParameters(lstm), 826_810);
    tf.dispose([gru.variables, lstm.variables]);
  });

  const small = parseHyperparameters({ numLayers: 2, numHidden: 5, seed: 3 });
  const images: tf.Tensor3D = tf.randomUniform([4, 28, 28], 0, 1, 'float32', 1);
  const training = () => new Pass(tf.tensor1d([1, 1], 'int32'));

  test('logits have one number for each class; dropout only in a training pass', () => {
    const model = createModel(small, mnist);
    const logits = model.logits(images);
    assert.deepEqual(logits.shape, [4, 10]);
    assertClose(model.logits(images), logits, 0);
    assert.notDeepEqual(model.logits(images, training()).dataSync(), logits.dataSync());
    assertClose(model.logits(images, training()), model.logits(images, training()), 0);
  });

  test('at the start all classes are about as likely: output weights near zero, biases 0.1', () => {
    const { variables } = createModel(defaultHyperparameters, mnist);
    assert.ok(tf.max(tf.abs(variables['output/kernel'])).dataSync()[0] <= 0.02);
    assertClose(variables['output/bias'], tf.fill([10], 0.1), 0);
    tf.dispose(variables);
  });

  test('the seed decides the weights', () => {
    const logits = (seed: number) =>
      createModel({ ...small, seed }, mnist)
        .logits(images)
        .dataSync();
    assert.deepEqual(logits(1), logits(1));
    assert.notDeepEqual(logits(1), logits(2));
  });

  test('leaves no tensor behind but its weights', async () => {
    const model = createModel(small, mnist);
    await assertNoLeak(() => tf.tidy(() => void model.logits(images, training())));
    await assertNoLeak(() => disposeModel(createModel(small, mnist)));
  });

  for (const kind of ['basic', 'gru', 'lstm'] as const) {
    test(`${kind} is a cell that the settings can name`, () => {
      const model = createModel(parseHyperparameters({ cell: { kind }, numLayers: 1, numHidden: 2 }), mnist);
      assert.deepEqual(model.logits(images).shape, [4, 10]);
    });
  }
});
