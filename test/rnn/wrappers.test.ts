/** What is put around a cell; its numbers are compared in reference_cells.test.ts. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { UserError } from '../../lib/base/errors';
import { kindsOf } from '../../lib/settings/kinds';
import { wrapCell } from '../../lib/model/model';
import { createRandom } from '../../lib/base/random';
import {
  DropoutWrapper,
  GRUCell,
  inference,
  InputProjectionWrapper,
  LSTMCell,
  type LSTMState,
  MultiRNNCell,
  OutputProjectionWrapper,
  Pass,
  ResidualWrapper,
  ZoneoutWrapper,
} from '../../lib/rnn';
import * as wrappers from '../../lib/rnn/wrappers/wrappers';
import { tf } from '../../lib/tfjs/tensorflow';
import { assertClose, assertNoLeak } from '../support/assert_close';

const [batch, features, units] = [6, 3, 5];
const normal = (seed: number, width: number): tf.Tensor2D =>
  tf.randomNormal([batch, width], 0, 1, 'float32', seed);
const x = normal(1, features);
const training = (seed = 1) => new Pass(tf.tensor1d([7, seed], 'int32'));
/** Two wrapped cells with the same seed have the same weights. */
const random = () => createRandom(0);

describe('every wrapper', () => {
  for (const { name, schema } of kindsOf(wrappers)) {
    const create = () => wrapCell(schema.parse({ kind: name }), new LSTMCell(units));

    test(`${name}: without weights it says how to get them`, () => {
      const cell = create();
      assert.deepEqual(cell.variables, {});
      assert.throws(() => cell.call(x, cell.zeroState(batch), inference), /UserError: .*build\(inputSize/);
    });

    test(`${name}: an output of its width, no tensor left behind`, async () => {
      const cell = create().build(features, random());
      const step = cell.call(x, cell.zeroState(batch), training());
      assert.deepEqual(step.output.shape, [batch, cell.outputSize]);
      await assertNoLeak(() => tf.tidy(() => void cell.call(x, cell.zeroState(batch), training())));
    });
  }
});

describe('ZoneoutWrapper', () => {
  const lstm = () => new LSTMCell(units).build(features, random());
  const zoned = (zoneoutProb: number) =>
    new ZoneoutWrapper(new LSTMCell(units), { zoneoutProb }).build(features, random());
  const old = { c: normal(8, units), h: normal(9, units) };
  const updated = lstm().call(x, old).state;
  /** 1 where the value is the old one. */
  const kept = ({ c, h }: typeof old) =>
    [tf.equal(c, old.c), tf.equal(h, old.h)].map(part => part.dataSync().join());

  test('training: each unit of each part is the old or the new one; the output is h', () => {
    const { output, state } = zoned(0.5).call(x, old, training());
    for (const part of ['c', 'h'] as const) {
      const isOld = tf.equal(state[part], old[part]);
      assertClose(tf.where(isOld, old[part], updated[part]), state[part], 0, part);
      const count = tf.sum(isOld).dataSync()[0];
      assert.ok(count > 5 && count < 25, `${count} of 30 are old`);
    }
    assertClose(output, state.h, 0);
  });

  test('each part, step and seed has a mask of its own; the same seed has the same ones', () => {
    const cell = zoned(0.5);
    const twoSteps = (pass: Pass) => [0, 1].flatMap(() => kept(cell.call(x, old, pass).state));
    const masks = [...twoSteps(training(1)), ...twoSteps(training(2))];
    assert.equal(new Set(masks).size, 8);
    assert.deepEqual(twoSteps(training(1)), masks.slice(0, 4));
  });

  test('the more probable, the more stays', () => {
    const counts = [0.1, 0.5, 0.9].map(prob => {
      const { state } = zoned(prob).call(x, old, training());
      return tf.sum(tf.equal(state.c, old.c)).dataSync()[0];
    });
    assert.ok(counts[0] < counts[1] && counts[1] < counts[2], counts.join());
  });

  test('inference: the expected value, and no mask', () => {
    const { output, state } = zoned(0.25).call(x, old, inference);
    for (const part of ['c', 'h'] as const) {
      const expected = tf.add(tf.mul(0.25, old[part]), tf.mul(0.75, updated[part]));
      assertClose(state[part], expected, 1e-6, part);
    }
    assertClose(output, state.h, 0);
  });

  test('an output that is no part of the state stays as it is', () => {
    const projected = () => new OutputProjectionWrapper(new GRUCell(units), { outputProjectionSize: 2 });
    const plain = projected().build(features, random()).call(x, old.h, inference);
    const cell = new ZoneoutWrapper(projected(), { zoneoutProb: 0.5 }).build(features, random());
    const { output, state } = cell.call(x, old.h, training());
    assertClose(output, plain.output, 0);
    assert.notDeepEqual(state.dataSync(), plain.state.dataSync());
  });

  test('layers in it: their states are a list, and the output is the last one', () => {
    const layers = new MultiRNNCell([new LSTMCell(2), new GRUCell(units)]);
    const cell = new ZoneoutWrapper(layers, { zoneoutProb: 0.5 }).build(features, random());
    const { output, state } = cell.call(x, cell.zeroState(batch), training());
    const [lower, upper] = state as [LSTMState, tf.Tensor2D];
    assert.deepEqual(
      [lower.c.shape, lower.h.shape],
      [
        [batch, 2],
        [batch, 2],
      ],
    );
    assertClose(output, upper, 0);
  });

  test('probability 0 leaves the cell as it is and draws nothing', () => {
    const pass = training();
    const { output, state } = zoned(0).call(x, old, pass);
    assertClose(output, updated.h, 0);
    assertClose(state.c, updated.c, 0);
    assert.equal(pass.drawn, 0);
  });

  test('impossible probabilities are refused', () => {
    for (const p of [-0.1, 1, 1.1, NaN]) {
      assert.throws(() => zoned(p), /UserError: Expected zoneoutProb at least 0 and below 1/);
    }
  });
});

describe('ResidualWrapper', () => {
  test('adds the input to what the wrapper within gives, dropped or not', () => {
    const dropped = () => new DropoutWrapper(new GRUCell(features), { outputKeepProb: 0.5 });
    const plain = dropped().build(features, random());
    const cell = new ResidualWrapper(dropped()).build(features, random());
    const { output, state } = cell.call(x, cell.zeroState(batch), training());
    const expected = plain.call(x, plain.zeroState(batch), training());
    assertClose(output, tf.add(expected.output, x), 0);
    assertClose(state, expected.state, 0);
  });

  test('unequal widths are refused, and no weights are left', async () => {
    const refused = /UserError: .*expected as many inputs as outputs \(5\), found 3: project/;
    const cell = new ResidualWrapper(new GRUCell(units));
    await assertNoLeak(() => assert.throws(() => cell.build(features, random()), refused));
    const projected = new InputProjectionWrapper(new ResidualWrapper(new GRUCell(units)), {
      inputProjectionSize: features,
    });
    await assertNoLeak(() => assert.throws(() => projected.build(2, random()), refused));
  });

  test('with skipUnequal they leave the output as it is', () => {
    const plain = new GRUCell(units).build(features, random());
    const cell = new ResidualWrapper(new GRUCell(units), { skipUnequal: true }).build(features, random());
    const expected = plain.call(x, plain.zeroState(batch));
    assertClose(cell.call(x, cell.zeroState(batch), inference).output, expected.output, 0);
  });
});

describe('projections', () => {
  test('start as a glorot uniform kernel with biases of 0', () => {
    const input = new InputProjectionWrapper(new GRUCell(2), { inputProjectionSize: 100 });
    const output = new OutputProjectionWrapper(new GRUCell(100), { outputProjectionSize: 200 });
    const all = [input.build(200, random()).variables, output.build(2, random()).variables];
    for (const [i, name] of ['input', 'output'].entries()) {
      const { [`${name}/kernel`]: kernel, [`${name}/bias`]: bias } = all[i];
      const largest = tf.max(tf.abs(kernel)).dataSync()[0];
      const limit = Math.sqrt(6 / 300);
      assert.ok(largest <= limit && largest > 0.99 * limit, `${largest}`);
      assertClose(bias, tf.zerosLike(bias), 0);
    }
  });

  test('widths: the cell gets the projected input, the next layer the projected output', () => {
    const inner = new InputProjectionWrapper(new GRUCell(units), { inputProjectionSize: 7 });
    const cell = new OutputProjectionWrapper(inner, { outputProjectionSize: 2 }).build(features, random());
    assert.equal(inner.outputSize, units);
    assert.equal(cell.outputSize, 2);
    assert.deepEqual(cell.variables['cell/input/kernel'].shape, [features, 7]);
    assert.deepEqual(cell.variables['cell/cell/gates/kernel'].shape, [7 + units, 2 * units]);
    assert.deepEqual(cell.variables['output/kernel'].shape, [units, 2]);
  });

  test('impossible widths are refused', () => {
    for (const size of [0, -1, 1.5, NaN]) {
      const cell = new GRUCell(2);
      assert.throws(() => new InputProjectionWrapper(cell, { inputProjectionSize: size }), UserError);
      assert.throws(() => new OutputProjectionWrapper(cell, { outputProjectionSize: size }), UserError);
    }
  });
});
