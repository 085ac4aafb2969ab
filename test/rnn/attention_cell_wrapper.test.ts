/** Attention over the last outputs; its numbers are compared in reference_cells.test.ts. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compile } from '../../lib/compile/compile';
import { createRandom } from '../../lib/base/random';
import { AttentionCellWrapper, dynamicRnn, inference, LSTMCell, type AttentionOptions } from '../../lib/rnn';
import { tf } from '../../lib/tfjs/tensorflow';
import { assertClose } from '../support/assert_close';

const [batch, features, units] = [6, 3, 5];
const inputs = [1, 2, 3, 4, 5].map(seed =>
  tf.randomNormal<tf.Rank.R2>([batch, features], 0, 1, 'float32', seed),
);
const random = () => createRandom(0);
const create = (options: AttentionOptions = {}) => new AttentionCellWrapper(new LSTMCell(units), options);

test('the window holds the last outputs, the oldest first', () => {
  const cell = create({ attnLength: 3 }).build(features, random());
  const { outputs, lastState } = dynamicRnn(cell, inputs);
  assertClose(lastState.window, tf.concat(outputs.slice(-3), 1), 0);
  const { lastState: early } = dynamicRnn(cell, inputs.slice(0, 2));
  assertClose(early.window, tf.concat([tf.zeros([batch, units]), outputs[0], outputs[1]], 1), 0);
});

test('rows that are still empty are attended to like the others', () => {
  const cell = create({ attnLength: 4 }).build(features, random());
  const kernel = cell.variables['window/kernel'];
  kernel.assign(tf.zerosLike(kernel)); // so that no row counts more than another
  const { outputs, lastState } = dynamicRnn(cell, inputs.slice(0, 2));
  assertClose(lastState.attention, tf.div(outputs[0], 4), 1e-6);
});

test('it does not yet attend to the output that it makes', () => {
  const cell = create().build(features, random());
  const { state } = cell.call(inputs[0], cell.zeroState(batch), inference);
  assertClose(state.attention, tf.zeros([batch, units]), 0);
});

test('widths: those of the cell, or those that are chosen', () => {
  assert.equal(create().outputSize, units);
  const cell = create({ attnLength: 2, attnSize: 4, attnVecSize: 7 }).build(features, random());
  assert.equal(cell.outputSize, 4);
  const shapes = Object.entries(cell.variables).map(([name, { shape }]) => [name, shape] as const);
  assert.deepEqual(Object.fromEntries(shapes), {
    'cell/kernel': [features + units, 4 * units],
    'cell/bias': [4 * units],
    'input/kernel': [features + 4, features],
    'input/bias': [features],
    'attention/kernel': [2 * units, 7],
    'attention/bias': [7],
    'output/kernel': [units + 4, 4],
    'output/bias': [4],
    'window/kernel': [4, 7],
    'window/vector': [7],
  });
  const { attention, window } = cell.zeroState(batch);
  assertClose(attention, tf.zeros([batch, 4]), 0);
  assertClose(window, tf.zeros([batch, 2 * 4]), 0);
});

test('biases start at 0, the vector within √(3 / attnVecSize)', () => {
  const { variables } = create({ attnVecSize: 300 }).build(features, random());
  for (const name of ['input/bias', 'attention/bias', 'output/bias']) {
    assertClose(variables[name], tf.zerosLike(variables[name]), 0, name);
  }
  const largest = tf.max(tf.abs(variables['window/vector'])).dataSync()[0];
  assert.ok(largest <= 0.1 && largest > 0.09, `${largest}`);
});

test('compiled it gives the same outputs and gradients', () => {
  const cell = create({ attnLength: 2 }).build(features, random());
  const run = (sequence: tf.Tensor2D[]) => {
    const loss = () => tf.addN(dynamicRnn(cell, sequence).outputs.map(each => tf.sum(tf.square(each))));
    const { value, grads } = tf.variableGrads(loss as () => tf.Scalar, Object.values(cell.variables));
    return { value, grads: Object.values(grads), outputs: dynamicRnn(cell, sequence).outputs };
  };
  const [eager, compiled] = [run(inputs), compile(run)(inputs)];
  assertClose(compiled.value, eager.value, 1e-3);
  compiled.outputs.forEach((output, t) => assertClose(output, eager.outputs[t], 1e-5));
  assert.equal(compiled.grads.length, 10);
  compiled.grads.forEach((gradient, i) => assertClose(gradient, eager.grads[i], 1e-3));
});

test('impossible sizes are refused', () => {
  for (const attnLength of [0, -1, 1.5, NaN]) {
    assert.throws(() => create({ attnLength }), /UserError: Expected attnLength .* at least 1/);
  }
  for (const size of [-1, 1.5, NaN]) {
    assert.throws(() => create({ attnSize: size }), /UserError: Expected attnSize .* at least 0/);
    assert.throws(() => create({ attnVecSize: size }), /UserError: Expected attnVecSize .* at least 0/);
  }
});
