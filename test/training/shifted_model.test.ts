import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseHyperparameters } from '../../lib/model/hyperparameters';
import { batchTensors } from '../../lib/model/batch_tensors';
import { createModel } from '../../lib/model/model';
import { tf } from '../../lib/tfjs/tensorflow';
import { evaluate } from '../../lib/training/evaluate';
import { assertClose, assertNoLeak, assertNumbersClose } from '../support/assert_close';
import { small, smallSets } from '../support/training';

const { test: data } = smallSets();
const model = createModel(parseHyperparameters({ ...small, seed: 3 }), data);
model.variables['output/kernel'].assign(
  tf.randomNormal(model.variables['output/kernel'].shape, 0, 1, 'float32', 5),
);

test('the answer is the mean of the probabilities over nine shifts', async () => {
  const { images, labels } = batchTensors([...data.batches(30)][0]);
  const padded = tf.pad(images, [[0, 0], [1, 1], [1, 1]]); // prettier-ignore
  const [batch, rows, columns] = images.shape;
  const probabilities = [0, 1, 2].flatMap(down =>
    [0, 1, 2].map(across =>
      tf.softmax(model.logits(tf.slice(padded, [0, down, across], [batch, rows, columns]))),
    ),
  );
  const mean = tf.div(tf.addN(probabilities), 9);
  const found = await evaluate(model, data, { shifts: 1 });
  assert.deepEqual([...found.predictions], [...tf.argMax(mean, 1).dataSync()]);
  const loss = tf.neg(tf.mean(tf.log(tf.sum(tf.mul(mean, labels), 1))));
  assertNumbersClose([found.meanLoss], [loss.dataSync()[0]], 1e-5);
  const plain = await evaluate(model, data);
  assert.notEqual(plain.meanLoss, found.meanLoss);
  const small = await evaluate(model, data, { shifts: 1, batchSize: 7, compile: false });
  assert.deepEqual(small.predictions, found.predictions);
  assertClose(tf.scalar(small.meanLoss), tf.scalar(found.meanLoss), 1e-5);
});

test('leaves no tensor behind', () => assertNoLeak(() => evaluate(model, data, { shifts: 1 })));

test('as many shifts as an image can take', async () => {
  for (const shifts of [-1, 0.5, 11]) {
    await assert.rejects(evaluate(model, data, { shifts }), /Expected an integer from 0 to 10 as shifts/);
  }
});
