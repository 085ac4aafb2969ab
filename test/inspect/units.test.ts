/** Units, state space and gradients of small networks, against what follows from their definition. */
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { trainedGradientNorms } from '../../lib/inspect/run_gradients';
import { principalPlane } from '../../lib/inspect/principal_plane';
import { replay } from '../../lib/inspect/replay';
import { stateSpace } from '../../lib/inspect/state_space';
import { units } from '../../lib/inspect/units';
import { batchTensors } from '../../lib/model/batch_tensors';
import { parseHyperparameters, type HyperparametersInput } from '../../lib/model/hyperparameters';
import { createModel } from '../../lib/model/model';
import { stateGradientNorms } from '../../lib/rnn';
import { tf } from '../../lib/tfjs/tensorflow';
import { disposeModel, evaluate } from '../../lib/training/evaluate';
import { assertClose, assertNoLeak, maxDifference } from '../support/assert_close';
import { smallData } from '../support/small_data';

const data = smallData(12);
const create = (settings: HyperparametersInput) =>
  createModel(parseHyperparameters({ numLayers: 2, numHidden: 4, ...settings }), data);
const gru = create({});
const both = create({ cell: { kind: 'mgu' }, bidirectional: true, pooling: { kind: 'mean' }, numLayers: 1 });
after(() => [gru, both].forEach(disposeModel));
const mean = (values: number[]) => values.reduce((a, b) => a + b) / values.length;

describe('units', () => {
  test('remember as long as their gates say, and answer to classes as their states say', async () => {
    for (const [model, gate, keep] of [
      [gru, 'u', (open: number) => open],
      [both, 'f', (open: number) => 1 - open],
    ] as const) {
      const { units: all } = await units(model, data, { silence: false });
      const replays = [...data.labels.keys()].map(i => replay(model, data.example(i)));
      for (const { direction, layer, unit, remembers, activity, errorWithout } of all) {
        const own = replays.map(({ layers }) =>
          layers.find(each => each.direction === direction && each.layer === layer)!,
        );
        const logs = own.flatMap(({ gates }) => gates[gate].map(step => Math.log(keep(step[unit]))));
        assert.ok(Math.abs(remembers! + 1 / mean(logs)) < 1e-3 * remembers!);
        const last = own.map(({ state }) => (direction === 'forward' ? state.h[3] : state.h[0])[unit]);
        const ofClass = [0, 1, 2].map(c => mean(last.filter((_, i) => data.label(i) === c)));
        assert.ok(maxDifference(activity, ofClass) < 1e-5);
        assert.equal(errorWithout, undefined);
      }
    }
  });

  test('are silenced one by one: as a network whose weights from them are 0', async () => {
    const found = await units(gru, data);
    assert.equal(found.error, (await evaluate(gru, data)).errorRate);
    assert.equal(found.units.length, 8);
    for (const unit of [0, 3]) {
      // The output of the top layer goes into its own next step (rows 4 to 7) and into the output layer.
      const silenced = create({});
      const top = ['cell_1/gates/kernel', 'cell_1/candidate/kernel'].map(name => [name, 4 + unit] as const);
      for (const [name, row] of [...top, ['output/kernel', unit] as const]) {
        const variable = silenced.variables[name];
        const values = variable.arraySync() as number[][];
        values[row] = values[row].map(() => 0);
        variable.assign(tf.tensor(values));
      }
      const { errorRate } = await evaluate(silenced, data);
      const own = found.units.find(each => each.layer === 1 && each.unit === unit)!;
      assert.equal(own.errorWithout, errorRate);
      disposeModel(silenced);
    }
  });

  test('of cells without a gate that keeps have no memory; nothing is left behind', async () => {
    const basic = create({ cell: { kind: 'basic' }, numLayers: 1 });
    await assertNoLeak(async () => {
      const { units: all, numExamples } = await units(basic, data, { examples: 5 });
      assert.equal(numExamples, 5);
      assert.ok(all.every(({ remembers, errorWithout }) => remembers === undefined && errorWithout! >= 0));
    });
    disposeModel(basic);
  });
});

describe('state space', () => {
  test('is the plane of largest variance, the same for all steps', async () => {
    const { x, y, labels, explained, steps } = await stateSpace(gru, data);
    assert.deepEqual([steps, [...labels]], [[0, 1, 2, 3], [...data.labels]]);
    const states = [0, 1, 2, 3].flatMap(t =>
      [...data.labels.keys()].map(i => [...replay(gru, data.example(i)).layers[1].state.h[t]]),
    );
    tf.tidy(() => {
      const points = tf.tensor2d(states);
      const centred = tf.sub<tf.Tensor2D>(points, tf.mean(points, 0, true));
      const covariance = tf.div<tf.Tensor2D>(tf.matMul(centred, centred, true), states.length - 1);
      const { axes } = principalPlane(points);
      assertClose(tf.matMul(axes, axes, true), tf.eye(2), 1e-5);
      // Eigenvectors: C·v is v times its variance, which is that of the coordinates.
      const variances = [x, y].map(all => mean(all.flatMap(step => [...step].map(v => v * v))) * (48 / 47));
      assertClose(tf.matMul(covariance, axes), tf.mul(axes, tf.tensor2d([variances])), 1e-5);
      const total = tf.sum(tf.mul(covariance, tf.eye(4))).dataSync()[0];
      assert.ok(
        maxDifference(
          explained,
          variances.map(v => v / total),
        ) < 1e-4,
      );
      assert.ok(explained[0] >= explained[1]);
    });
  });

  test('of one step, layer and direction; others are refused', async () => {
    const { x, steps } = await stateSpace(both, data, { steps: 2, direction: 'backward', examples: 4 });
    assert.deepEqual([steps, x[0].length], [[2], 4]);
    await assert.rejects(stateSpace(gru, data, { steps: 4 }), /UserError: .*0 to 3, found 4/);
    await assert.rejects(stateSpace(gru, data, { layer: 2 }), /UserError: .*2 that read forward, found 2/);
    await assert.rejects(
      stateSpace(gru, data, { direction: 'backward' }),
      /UserError: .*0 that read backward/,
    );
  });
});

describe('gradient norms of a network as it is', () => {
  test('are those of stateGradientNorms with its cross-entropy', () => {
    const [{ norms }] = trainedGradientNorms(gru, data, { examples: 6 });
    const [batch] = data.batches(6);
    const { images, labels } = batchTensors(batch);
    const { forward, output, sequence } = gru.parts!;
    const expected = stateGradientNorms(forward, sequence!.read(images), last =>
      tf.neg(tf.sum(tf.mul(labels, tf.logSoftmax(output.call(last))), 1)),
    );
    assert.ok(maxDifference(norms, expected) < 1e-6);
    assert.ok(norms.slice(1).every(norm => norm > 0));
  });

  test('there are some for each direction and pooling, and no tensor is left', async () => {
    await assertNoLeak(() => {
      const found = trainedGradientNorms(both, data);
      assert.deepEqual(
        found.map(({ direction, norms }) => [direction, norms.length, norms[3] > 0]),
        [
          ['forward', 4, true],
          ['backward', 4, true],
        ],
      );
    });
  });
});
