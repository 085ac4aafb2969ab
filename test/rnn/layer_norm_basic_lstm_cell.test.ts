/** What the golden numbers do not show: initial values, and pictures that begin with blank rows. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DataSet } from '../../lib/data';
import { parseHyperparameters } from '../../lib/model/hyperparameters';
import { createModel } from '../../lib/model/model';
import { createOptimizer } from '../../lib/optimizers';
import { createRandom } from '../../lib/base/random';
import { LayerNormBasicLSTMCell } from '../../lib/rnn/cells/layer_norm_basic_lstm_cell';
import { inference } from '../../lib/rnn/pass';
import { tf } from '../../lib/tfjs/tensorflow';
import { createTrainStep } from '../../lib/training/train_step';
import { assertClose } from '../support/assert_close';

describe('initial values', () => {
  test('each gamma is normGain, each beta normShift', () => {
    const cell = new LayerNormBasicLSTMCell(3, { normGain: 0.5, normShift: 0.25 });
    const { variables } = cell.build(2, createRandom(0));
    for (const name of ['input', 'transform', 'forget', 'output', 'state']) {
      assert.deepEqual([...variables[`${name}/gamma`].dataSync()], [0.5, 0.5, 0.5]);
      assert.deepEqual([...variables[`${name}/beta`].dataSync()], [0.25, 0.25, 0.25]);
    }
    assert.equal(Object.keys(variables).length, 11);
  });

  test('without layerNorm the bias is uniform, as TensorFlow 1 starts a vector', () => {
    const { variables } = new LayerNormBasicLSTMCell(50, { layerNorm: false }).build(2, createRandom(0));
    assert.deepEqual(Object.keys(variables), ['kernel', 'bias']);
    const largest = Math.max(...variables.bias.dataSync().map(Math.abs));
    const limit = Math.sqrt(3 / 200);
    assert.ok(largest > 0.9 * limit && largest <= limit, `${largest}, limit ${limit}`);
  });
});

describe('blank rows at the start', () => {
  test('what is the same in all units is normalised to beta', () => {
    const cell = new LayerNormBasicLSTMCell(3, { normShift: 0.5 }).build(2, createRandom(0));
    const { state } = cell.call(tf.zeros([1, 2]), cell.zeroState(1), inference);
    assertClose(state.c, tf.fill([1, 3], 0.5), 1e-6);
  });

  for (const [numLayers, blank] of [
    [3, 8],
    [1, 30],
  ]) {
    test(`three training steps stay finite: ${numLayers} layers, ${blank} blank rows`, async () => {
      const data = beginningBlank(blank);
      const settings = parseHyperparameters({ cell: { kind: 'layerNormLstm' }, numLayers, numHidden: 8 });
      const model = createModel(settings, data);
      const optimizer = createOptimizer(settings.optimizer);
      const step = createTrainStep(model, { ...settings, optimizer, compile: false });
      for (let i = 0; i < 3; i++) assert.ok(Number.isFinite((await step(data.nextBatch(10))).loss));
      // The mean squares of the gradients: far below what would make the next steps too small for a change.
      for (const [name, slot] of Object.entries(step.slots)) {
        const largest = Math.max(...slot.dataSync());
        assert.ok(largest < 1e10, `${name}: ${largest}`);
      }
    });
  }
});

/** Images of some blank rows, then three of noise. */
function beginningBlank(blank: number): DataSet {
  const [rows, columns, numExamples] = [blank + 3, 4, 10];
  const random = createRandom(1);
  const size = rows * columns;
  const images = Uint8Array.from({ length: numExamples * size }, (_, i) =>
    i % size < blank * columns ? 0 : random.integer(256),
  );
  const labels = Uint8Array.from({ length: numExamples }, (_, i) => i % 2);
  return new DataSet({ images, labels, rows, columns, numClasses: 2, oneHot: true }, random.fork('order'));
}
