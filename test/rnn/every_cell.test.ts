/** What holds for every cell that is registered, and how one is. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { batchTensors } from '../../lib/model/batch_tensors';
import {
  defaultHyperparameters,
  parseHyperparameters,
  type HyperparametersInput,
} from '../../lib/model/hyperparameters';
import { kindsOf, make, unionOf } from '../../lib/settings/kinds';
import { createModel, type SequenceClassifier } from '../../lib/model/model';
import { createOptimizer } from '../../lib/optimizers';
import { createRandom } from '../../lib/base/random';
import type { RNNCell, Variables } from '../../lib/rnn/cell';
import { cellKind } from '../../lib/rnn/cells/cell_kind';
import * as cells from '../../lib/rnn/cells/cells';
import { inference } from '../../lib/rnn/pass';
import { readCheckpoint, restoreVariables, writeCheckpoint } from '../../lib/runs/checkpoint';
import { real } from '../../lib/settings/setting_types';
import { tf } from '../../lib/tfjs/tensorflow';
import { createTrainStep } from '../../lib/training/train_step';
import { assertClose, assertNoLeak } from '../support/assert_close';
import { smallData } from '../support/small_data';
import { runsFolder } from '../support/training';

const data = () => smallData(40, { columns: 9 }); // wide enough for a block of the grid cells
const small = { numLayers: 2, numHidden: 8, dropout: 0.2, batchSize: 10, learningRate: 0.01 };
const parse = (kind: string, more: HyperparametersInput = {}) =>
  parseHyperparameters({ cell: { kind } as HyperparametersInput['cell'], ...small, ...more });

/** A model of these cells and its training step. */
function prepare(kind: string, compile: boolean) {
  const settings = parse(kind);
  const model = createModel(settings, data());
  const optimizer = createOptimizer(settings.optimizer);
  return { model, step: createTrainStep(model, { ...settings, optimizer, compile, log: () => {} }) };
}

function logitsOf(model: SequenceClassifier): Float32Array {
  return tf.tidy(() => model.logits(batchTensors(data().nextBatch(10)).images).dataSync<'float32'>());
}

const folder = runsFolder();

for (const { name } of kindsOf(cells)) {
  describe(name, () => {
    test('gives the same compiled and not, with dropout, and leaves no tensor behind', async () => {
      const [compiled, eager] = [prepare(name, true), prepare(name, false)];
      const batches = data();
      for (let i = 0; i < 3; i++) {
        const batch = batches.nextBatch(10);
        const [a, b] = [await compiled.step(batch), await eager.step(batch)];
        assert.ok(
          Math.abs(a.loss - b.loss) < 1e-5,
          `loss of step ${i + 1}: ${a.loss} compiled, ${b.loss} not`,
        );
      }
      for (const [variable, value] of Object.entries(compiled.model.variables)) {
        assertClose(value, eager.model.variables[variable], 1e-5, variable);
      }
      await assertNoLeak(() => compiled.step(batches.nextBatch(10)));
      await assertNoLeak(() => eager.step(batches.nextBatch(10)));
    });

    test('each weight has a name of its own, and each is trained', async () => {
      const { model, step } = prepare(name, false);
      const { variables } = model;
      assert.equal(new Set(Object.values(variables)).size, Object.keys(variables).length);
      const before = Object.values(variables).map(variable => variable.dataSync().slice());
      const batches = data();
      for (let i = 0; i < 3; i++) await step(batches.nextBatch(10));
      Object.entries(variables).forEach(([variable, value], i) => {
        assert.notDeepEqual(value.dataSync(), before[i], variable);
      });
    });

    test('goes into a checkpoint and comes back', () => {
      const path = join(folder, `${name}.safetensors`);
      const written = createModel(parse(name), data());
      const info = {
        ...{ format: 1, step: 0, epoch: 0, stepInEpoch: 0, metricsBytes: 0, keep: false, dataDigest: 'none' },
        hyperparameters: parse(name),
        data: data().state(),
      };
      writeCheckpoint(path, info, written.variables);
      const checkpoint = readCheckpoint(path);
      const read = createModel(parseHyperparameters({ ...checkpoint.info.hyperparameters, seed: 1 }), data());
      assert.notDeepEqual(logitsOf(read), logitsOf(written));
      restoreVariables(checkpoint, read.variables, path);
      assert.deepEqual(logitsOf(read), logitsOf(written));
    });
  });
}

/** h' = h + rate·x, for inputs as wide as the cell; no weights. */
class SumCell implements RNNCell<tf.Tensor2D> {
  readonly variables: Variables = {};

  constructor(
    readonly outputSize: number,
    private readonly rate: number,
  ) {}

  build(): this {
    return this;
  }

  zeroState(batchSize: number): tf.Tensor2D {
    return tf.zeros([batchSize, this.outputSize]);
  }

  call(x: tf.Tensor2D, h: tf.Tensor2D): { output: tf.Tensor2D; state: tf.Tensor2D } {
    const output = tf.add<tf.Tensor2D>(h, tf.mul(this.rate, x));
    return { output, state: output };
  }
}

test('one call of cellKind makes a cell a choice, its settings included', () => {
  const rate = real(0, 10, 2, { description: 'what x is multiplied by' });
  const sumKind = cellKind('sum', { rate }, (settings, units) => new SumCell(units, settings.rate));
  const exported = { ...cells, sumKind };
  const settings = unionOf(exported).parse({ kind: 'sum' });
  assert.deepEqual(settings, { kind: 'sum', rate: 2 });
  assert.throws(() => unionOf(exported).parse({ kind: 'sum', rate: 11 }), /rate/);
  const cell = make<RNNCell, [number]>(exported, settings, 3).build(3, createRandom(0));
  const { output } = cell.call(tf.ones([1, 3]), cell.zeroState(1), inference);
  assert.deepEqual([...output.dataSync()], [2, 2, 2]);
  const others = unionOf(exported).parse(defaultHyperparameters.cell);
  assert.equal(make<RNNCell, [number]>(exported, others, 3).outputSize, 3);
});
