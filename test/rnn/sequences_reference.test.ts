/** Sequences of several lengths, dropout and symbols against test/golden/reference/sequences.py. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { compile } from '../../lib/compile/compile';
import { createRandom, type Random } from '../../lib/base/random';
import {
  bidirectionalDynamicRnn,
  DropoutWrapper,
  dynamicRnn,
  EmbeddingWrapper,
  GRUCell,
  inference,
  LSTMCell,
  Pass,
  type DropoutOptions,
  type EmbeddingOptions,
  type RNNCell,
  type State,
} from '../../lib/rnn';
import { tf } from '../../lib/tfjs/tensorflow';
import { assertClose, assertNoLeak } from '../support/assert_close';
import { assignAll, goldenCases, toTensor, type GoldenTensor } from '../support/golden';
import { checkGradients } from '../support/gradient_check';

type Weights = Record<string, GoldenTensor>;
type GoldenState = GoldenTensor | Record<'c' | 'h', GoldenTensor>;

interface Case {
  what: string;
  kind: 'gru' | 'lstm';
  units: number;
  inputs: GoldenTensor;
  weights: Weights;
  outputs: GoldenTensor;
  lastState: GoldenState;
}

interface LengthsCase extends Case {
  lengths: number[];
  startState: GoldenState;
  lastOutput: GoldenTensor;
  backwardWeights: Weights;
  bidirectional: {
    outputs: GoldenTensor;
    lastOutput: GoldenTensor;
    lastStates: Record<'forward' | 'backward', GoldenState>;
  };
}

interface DropoutCase extends Case {
  seed: number[];
  salt: number;
  options: DropoutOptions;
}

const casesOf = <C extends Case>(what: string) =>
  (goldenCases<Case>('sequences') as C[]).filter(each => each.what === what);

const create = (kind: 'gru' | 'lstm', units: number): RNNCell =>
  kind === 'gru' ? new GRUCell(units) : new LSTMCell(units);

function withWeights(cell: RNNCell, inputSize: number, weights: Weights, random = createRandom(0)): RNNCell {
  cell.build(inputSize, random);
  assignAll(cell.variables, weights);
  return cell;
}

const toState = (state: GoldenState): State =>
  'values' in state
    ? toTensor<tf.Tensor2D>(state)
    : { c: toTensor<tf.Tensor2D>(state.c), h: toTensor<tf.Tensor2D>(state.h) };

function assertState(actual: State, expected: GoldenState, what: string): void {
  if ('values' in expected) return assertClose(actual as tf.Tensor2D, expected, 1e-5, what);
  for (const part of ['c', 'h'] as const) {
    assertClose((actual as Record<string, tf.Tensor2D>)[part], expected[part], 1e-5, `${what}, ${part}`);
  }
}

const assertOutputs = (actual: readonly tf.Tensor2D[], expected: GoldenTensor) =>
  assertClose(tf.stack([...actual], 1), expected, 1e-5, 'outputs');

describe('sequenceLength', () => {
  for (const golden of casesOf<LengthsCase>('lengths')) {
    const { kind, units, inputs, weights, lengths } = golden;
    const features = inputs.shape[2];
    const cell = withWeights(create(kind, units), features, weights);
    const backward = withWeights(create(kind, units), features, golden.backwardWeights);
    const x = toTensor<tf.Tensor3D>(inputs);
    const given = { list: lengths, tensor: tf.tensor1d(lengths, 'int32') };

    for (const [form, sequenceLength] of Object.entries(given)) {
      test(`${kind}, lengths ${lengths.join()} as a ${form}: outputs, last output and state`, () => {
        const found = dynamicRnn(cell, x, inference, toState(golden.startState), { sequenceLength });
        assertOutputs(found.outputs, golden.outputs);
        assertClose(found.lastOutput, golden.lastOutput, 1e-5, 'last output');
        assertState(found.lastState, golden.lastState, 'last state');
      });
    }

    test(`${kind}, lengths ${lengths.join()}: in both directions, each from its own end`, () => {
      const options = { sequenceLength: lengths };
      const found = bidirectionalDynamicRnn(cell, backward, x, inference, options);
      const expected = golden.bidirectional;
      assertOutputs(found.outputs, expected.outputs);
      assertClose(found.lastOutput, expected.lastOutput, 1e-5, 'last output');
      for (const way of ['forward', 'backward'] as const) {
        assertState(found.lastStates[way], expected.lastStates[way], way);
      }
    });

    test(`${kind}, lengths ${lengths.join()}: compiled the same, no tensor left, gradients`, async () => {
      const last = (images: tf.Tensor3D, sequenceLength: tf.Tensor1D) =>
        dynamicRnn(cell, images, inference, undefined, { sequenceLength }).lastOutput;
      const compiled = compile(last);
      assertClose(compiled(x, given.tensor), last(x, given.tensor), 1e-6);
      await assertNoLeak(() => tf.tidy(() => void last(x, given.tensor)));
      compiled.dispose();
      const loss = () => tf.sum<tf.Scalar>(tf.square(last(x, given.tensor)));
      checkGradients(loss, Object.values(cell.variables));
    });
  }

  test('without it, or with all of them, the last output is that of the last time step', () => {
    const cell = new GRUCell(3).build(2, createRandom(0));
    const x: tf.Tensor3D = tf.randomNormal([2, 4, 2], 0, 1, 'float32', 1);
    const { outputs, lastOutput } = dynamicRnn(cell, x);
    assertClose(lastOutput, outputs[3], 0);
    const whole = dynamicRnn(cell, x, inference, undefined, { sequenceLength: [4, 4] });
    assertClose(whole.lastOutput, lastOutput, 1e-6);
  });
});

/** Draws the number that the golden case has drawn. */
const drawing = (value: number): Random => {
  const random: Random = { ...createRandom(0), integer: () => value, fork: () => random };
  return random;
};

describe('DropoutWrapper', () => {
  for (const golden of casesOf<DropoutCase>('dropout')) {
    const { kind, units, inputs, weights, options, seed, salt } = golden;
    test(`${kind}: ${Object.values(options).join(' ')}`, () => {
      const cell = new DropoutWrapper(create(kind, units), options);
      withWeights(cell, inputs.shape[2], weights, drawing(salt));
      const pass = new Pass(tf.tensor1d(seed, 'int32'));
      const { outputs, lastState } = dynamicRnn(cell, toTensor<tf.Tensor3D>(inputs), pass);
      assertOutputs(outputs, golden.outputs);
      assertState(lastState, golden.lastState, 'last state');
    });
  }
});

describe('EmbeddingWrapper', () => {
  for (const golden of casesOf<Case & { options: EmbeddingOptions }>('embedding')) {
    const { kind, units, inputs, weights, options } = golden;
    const cell = new EmbeddingWrapper(create(kind, units), options);
    withWeights(cell, 1, weights);
    const symbols = tf.cast(toTensor<tf.Tensor3D>(inputs), 'int32');

    test(`${kind}: outputs and state`, () => {
      const { outputs, lastState } = dynamicRnn(cell, symbols);
      assertOutputs(outputs, golden.outputs);
      assertState(lastState, golden.lastState, 'last state');
    });

    test(`${kind}: gradients, the same compiled, and no tensor left`, async () => {
      const last = (x: tf.Tensor3D) => dynamicRnn(cell, x).lastOutput;
      const variables = Object.values(cell.variables);
      const loss = (x: tf.Tensor3D) => tf.sum<tf.Scalar>(tf.square(last(x)));
      checkGradients(() => loss(symbols), variables);
      const gradient = (x: tf.Tensor3D) =>
        tf.variableGrads(() => loss(x), variables).grads[cell.variables.embedding.name];
      const compiled = compile(gradient);
      assertClose(
        compiled(symbols),
        tf.tidy(() => gradient(symbols)),
        1e-5,
      );
      compiled.dispose();
      await assertNoLeak(() => tf.tidy(() => void last(symbols)));
    });
  }

  test('symbols that there are not, floats, and several features are refused', () => {
    const create = () => new EmbeddingWrapper(new GRUCell(2), { embeddingClasses: 3, embeddingSize: 2 });
    const cell = create().build(1, createRandom(0));
    const call = (x: tf.Tensor2D) => () => cell.call(x, cell.zeroState(1), inference);
    assert.throws(
      call(tf.tensor2d([[3]], [1, 1], 'int32')),
      /UserError: Expected symbols from 0 to 2, found 3/,
    );
    assert.throws(call(tf.ones([1, 1])), /UserError: .*int32, found a tensor \[1, 1\], float32: tf\.cast/);
    assert.throws(() => create().build(28, createRandom(0)), /UserError: .*one symbol .* found 28 features/);
    for (const options of [
      { embeddingClasses: 0, embeddingSize: 1 },
      { embeddingClasses: 2, embeddingSize: 0 },
    ]) {
      assert.throws(() => new EmbeddingWrapper(new GRUCell(2), options), /UserError: .*at least 1, found 0/);
    }
  });

  test('vectors start uniform in ±√3', () => {
    const cell = new EmbeddingWrapper(new GRUCell(2), { embeddingClasses: 50, embeddingSize: 20 });
    const { embedding } = cell.build(1, createRandom(0)).variables;
    const largest = tf.max(tf.abs(embedding)).dataSync()[0];
    assert.ok(largest <= Math.sqrt(3) && largest > 1.7, `${largest}`);
    const { variance } = tf.moments(embedding);
    assert.ok(Math.abs(variance.dataSync()[0] - 1) < 0.1);
  });
});
