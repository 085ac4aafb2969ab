import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorRate, softmaxCrossEntropy } from '../../lib/model/loss';
import { tf } from '../../lib/tfjs/tensorflow';
import { goldenCases, toTensor, type GoldenTensor } from '../support/golden';

interface LossCase {
  logits: GoldenTensor;
  labels: number[];
  loss: number;
  errorRate: number;
}

for (const golden of goldenCases<LossCase>('loss')) {
  const [batch, classes] = golden.logits.shape;
  test(`golden loss and error rate: ${batch} examples, ${classes} classes`, () => {
    const logits = toTensor<tf.Tensor2D>(golden.logits);
    const labels = tf.oneHot(golden.labels, classes).toFloat() as tf.Tensor2D;
    const loss = softmaxCrossEntropy(logits, labels).dataSync()[0];
    assert.ok(
      Math.abs(loss - golden.loss) <= 1e-5 * Math.max(1, golden.loss),
      `${loss} against ${golden.loss}`,
    );
    assert.ok(Math.abs(errorRate(logits, labels).dataSync()[0] - golden.errorRate) < 1e-7);
  });
}
