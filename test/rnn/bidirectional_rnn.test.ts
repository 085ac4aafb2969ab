import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseHyperparameters, type HyperparametersInput } from '../../lib/model/hyperparameters';
import { disposeModel } from '../../lib/training/evaluate';
import { compile } from '../../lib/compile';
import { createModel } from '../../lib/model/model';
import { createOptimizer } from '../../lib/optimizers';
import { createRandom } from '../../lib/base/random';
import { range } from '../../lib/base/range';
import {
  BasicRNNCell,
  MinimalGatedUnitCell,
  bidirectionalDynamicRnn,
  DropoutWrapper,
  dynamicRnn,
  GRUCell,
  LSTMCell,
  MultiRNNCell,
  Pass,
} from '../../lib/rnn';
import { tf } from '../../lib/tfjs/tensorflow';
import { createTrainStep } from '../../lib/training/train_step';
import { assertClose, assertNoLeak } from '../support/assert_close';
import { assignAll, goldenCases, toTensor, type GoldenTensor } from '../support/golden';
import { checkGradients } from '../support/gradient_check';
import { smallData } from '../support/small_data';

const images: tf.Tensor3D = tf.randomNormal([3, 5, 2], 0, 1, 'float32', 1);
const reversed = tf.reverse(images, 1);
const stack = (seed: number) =>
  new MultiRNNCell([new GRUCell(4), new LSTMCell(3)]).build(2, createRandom(seed));
const [forward, backward] = [stack(1), stack(2)];

interface Case {
  kind: 'basic' | 'gru' | 'lstm';
  units: number;
  layers: number;
  weights: Record<'forward' | 'backward', Record<string, GoldenTensor>>;
  inputs: GoldenTensor;
  outputs: GoldenTensor[];
  /** h of the top layer, after everything was read. */
  lastH: Record<'forward' | 'backward', GoldenTensor>;
}

const kinds = { basic: BasicRNNCell, gru: GRUCell, lstm: LSTMCell };

describe('bidirectionalDynamicRnn', () => {
  for (const { kind, units, layers, weights, inputs, outputs, lastH } of goldenCases<Case>('bidirectional')) {
    test(`golden numbers, of TensorFlow 1's own function: ${layers} × ${kind}`, () => {
      const network = (its: Record<string, GoldenTensor>) => {
        const cells = range(layers).map(() => new kinds[kind](units));
        const cell = new MultiRNNCell(cells).build(inputs.shape[2], createRandom(0));
        assignAll(cell.variables, its);
        return cell;
      };
      const [there, back] = [network(weights.forward), network(weights.backward)];
      const found = bidirectionalDynamicRnn(there, back, toTensor<tf.Tensor3D>(inputs));
      assert.equal(found.outputs.length, outputs.length);
      found.outputs.forEach((output, t) => assertClose(output, outputs[t], 1e-5, `output at ${t}`));
      const last = [lastH.forward, lastH.backward].map(h => toTensor(h));
      assertClose(found.lastOutput, tf.concat(last, 1), 1e-5, 'last output');
    });
  }

  test('each time step: what one network says going forward, beside what another says going backward', () => {
    const { outputs, lastOutput, lastStates } = bidirectionalDynamicRnn(forward, backward, images);
    const [there, back] = [dynamicRnn(forward, images), dynamicRnn(backward, reversed)];
    assert.equal(outputs.length, 5);
    outputs.forEach((output, t) =>
      assertClose(output, tf.concat([there.outputs[t], back.outputs[4 - t]], 1), 0, `step ${t}`),
    );
    assertClose(lastOutput, tf.concat([there.outputs[4], back.outputs[4]], 1), 0);
    assertClose(lastStates.forward[0] as tf.Tensor, there.lastState[0] as tf.Tensor, 0);
    assertClose(lastStates.backward[0] as tf.Tensor, back.lastState[0] as tf.Tensor, 0);
  });

  test('the sequence from its end, and the networks exchanged: the same outputs, exchanged and from the end', () => {
    const { outputs, lastOutput } = bidirectionalDynamicRnn(forward, backward, images);
    const other = bidirectionalDynamicRnn(backward, forward, reversed);
    const exchanged = (output: tf.Tensor2D) => tf.concat(tf.split(output, 2, 1).reverse(), 1);
    outputs.forEach((output, t) => assertClose(exchanged(other.outputs[4 - t]), output, 0, `step ${t}`));
    assertClose(exchanged(other.lastOutput), lastOutput, 0);
  });

  test('a list of time steps gives what the tensor gives', () => {
    const list = bidirectionalDynamicRnn(forward, backward, tf.unstack(images, 1) as tf.Tensor2D[]);
    assertClose(list.lastOutput, bidirectionalDynamicRnn(forward, backward, images).lastOutput, 0);
  });

  test('in training each direction has masks of its own', () => {
    const cell = (random: number) =>
      new DropoutWrapper(new GRUCell(8), { outputKeepProb: 0.5 }).build(2, createRandom(random));
    const pass = () => new Pass(tf.tensor1d([3, 1], 'int32'));
    const ones: tf.Tensor3D = tf.ones([4, 1, 2]);
    const { lastOutput } = bidirectionalDynamicRnn(cell(1), cell(1), ones, pass());
    const [there, back] = tf.split(lastOutput, 2, 1).map(half => tf.notEqual(half, 0).dataSync().join(''));
    assert.notEqual(there, back);
    assertClose(bidirectionalDynamicRnn(cell(1), cell(1), ones, pass()).lastOutput, lastOutput, 0);
  });

  test('gradient against central differences', () => {
    const cells = [3, 4].map(seed => new BasicRNNCell(2).build(2, createRandom(seed)));
    const loss = () => {
      const { outputs, lastOutput } = bidirectionalDynamicRnn(cells[0], cells[1], images);
      return tf.mean<tf.Scalar>(tf.square(tf.addN([...outputs, lastOutput])));
    };
    checkGradients(
      loss,
      cells.flatMap(cell => Object.values(cell.variables)),
    );
  });

  test('leaves no tensor behind', async () => {
    await assertNoLeak(() => tf.tidy(() => void bidirectionalDynamicRnn(forward, backward, images)));
  });
});

describe('a bidirectional model', () => {
  const settings = (input: HyperparametersInput) =>
    parseHyperparameters({ numLayers: 2, numHidden: 5, batchSize: 10, bidirectional: true, ...input });

  test('has the weights of both directions, and an output layer as wide as both', () => {
    const { variables } = createModel(settings({ pooling: { kind: 'attention' } }), smallData(1));
    const shapes = Object.entries(variables).map(([name, { shape }]) => `${name} ${shape.join('×')}`);
    const direction = (name: string) => [
      `${name}/cell_0/gates/kernel 8×10`,
      `${name}/cell_0/gates/bias 10`,
      `${name}/cell_0/candidate/kernel 8×5`,
      `${name}/cell_0/candidate/bias 5`,
      `${name}/cell_1/gates/kernel 10×10`,
      `${name}/cell_1/gates/bias 10`,
      `${name}/cell_1/candidate/kernel 10×5`,
      `${name}/cell_1/candidate/bias 5`,
    ];
    assert.deepEqual(shapes, [
      ...direction('forward'),
      ...direction('backward'),
      ...['pooling/kernel 10×10', 'pooling/bias 10', 'pooling/vector 10'],
      ...['output/kernel 10×3', 'output/bias 3'],
    ]);
    const [there, back] = ['forward', 'backward'].map(name => variables[`${name}/cell_0/gates/kernel`]);
    assert.notDeepEqual(there.dataSync(), back.dataSync());
  });

  for (const kind of ['last', 'mean', 'attention'] as const) {
    test(`pooling ${kind}: trained as one graph and step by step, the same numbers, and no tensor left`, async () => {
      const losses = async (compile: boolean) => {
        const data = smallData(100);
        const hyperparameters = settings({ pooling: { kind } });
        const before = tf.memory().numTensors;
        const model = createModel(hyperparameters, data);
        const optimizer = createOptimizer(hyperparameters.optimizer);
        const step = createTrainStep(model, { ...hyperparameters, optimizer, compile, log: () => {} });
        const found = [(await step(data.nextBatch(10))).loss];
        await assertNoLeak(async () => found.push((await step(data.nextBatch(10))).loss));
        step.dispose();
        disposeModel(model);
        assert.equal(tf.memory().numTensors, before);
        return found;
      };
      const [compiled, eager] = [await losses(true), await losses(false)];
      assert.ok(Math.abs(compiled[1] - eager[1]) < 1e-5, `${compiled.join()} ${eager.join()}`);
    });
  }

  test('reads a long sequence as two loops, with the numbers of the whole', () => {
    const hyperparameters = settings({
      cell: { kind: 'mgu' },
      numLayers: 1,
      sequence: { kind: 'pixels' },
      pooling: { kind: 'mean' },
    });
    const data = { rows: 12, columns: 12, numClasses: 3 };
    const model = createModel(hyperparameters, data);
    const pictures: tf.Tensor3D = tf.randomUniform([2, 12, 12], 0, 1, 'float32', 1);
    const weights = Object.values(model.variables);
    const squares = (logits: tf.Tensor) => tf.sum<tf.Scalar>(tf.square(logits));
    const gradient = compile(() => tf.variableGrads(() => squares(model.logits(pictures)), weights));
    const loops = gradient();
    assert.equal(gradient.inspect()[0].operations.LoopCond, 4);
    gradient.dispose();

    const variable = (name: string) => model.variables[name] as tf.Tensor2D;
    const cells = ['forward', 'backward'].map(name => {
      const cell = new MinimalGatedUnitCell(5).build(1, createRandom(0));
      for (const [part, own] of Object.entries(cell.variables))
        own.assign(variable(`${name}/cell_0/${part}`));
      return cell;
    });
    const whole = tf.variableGrads(() => {
      const { outputs } = bidirectionalDynamicRnn(cells[0], cells[1], tf.reshape(pictures, [2, 144, 1]));
      const mean = tf.div(tf.addN(outputs), 144);
      return squares(tf.add(tf.matMul(mean, variable('output/kernel')), variable('output/bias')));
    });
    assertClose(loops.value, whole.value, 1e-6);
    cells.forEach((cell, i) => {
      for (const [part, own] of Object.entries(cell.variables)) {
        const name = `${['forward', 'backward'][i]}/cell_0/${part}`;
        assertClose(loops.grads[model.variables[name].name], whole.grads[own.name], 1e-5, name);
      }
    });
    disposeModel(model);
  });
});
