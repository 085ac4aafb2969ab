/** What the cells and dynamicRnn refuse, in the words of the user's own call, and that nothing is left of it. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { kindsOf } from '../../lib/settings/kinds';
import { createCell, wrapCell } from '../../lib/model/model';
import { createRandom } from '../../lib/base/random';
import {
  bidirectionalDynamicRnn,
  ChunkedRnn,
  DropoutWrapper,
  dynamicRnn,
  GridLSTMCell,
  GRUCell,
  inference,
  Linear,
  LSTMCell,
  MultiRNNCell,
  stateGradientNorms,
  TimeFreqLSTMCell,
  type RNNCell,
  type State,
} from '../../lib/rnn';
import * as cells from '../../lib/rnn/cells/cells';
import * as wrappers from '../../lib/rnn/wrappers/wrappers';
import { tf } from '../../lib/tfjs/tensorflow';
import { assertNoLeak } from '../support/assert_close';

const random = () => createRandom(0);
const [batch, features, units] = [2, 5, 3];
const x: tf.Tensor2D = tf.ones([batch, features]);

/** Refuses with these words, in an error of the user's, and keeps no tensor. */
async function refuses(call: () => unknown, words: RegExp): Promise<void> {
  await assertNoLeak(() =>
    tf.tidy(() => {
      assert.throws(call, { name: 'UserError', message: words });
    }),
  );
}

/** The state with one of its tensors replaced. */
function withLeaf(state: State, leaf: unknown): State {
  if (state instanceof tf.Tensor) return leaf as State;
  const [[name, part], ...others] = Object.entries<State>(state as Record<string, State>);
  const changed = withLeaf(part, leaf);
  if (Array.isArray(state)) return [changed, ...others.map(([, each]) => each)];
  return Object.fromEntries([[name, changed], ...others]);
}

const all: [string, () => RNNCell][] = [
  ...kindsOf(cells).map(({ name, schema }): [string, () => RNNCell] => [
    name,
    () => createCell(schema.parse({ kind: name }), units),
  ]),
  ...kindsOf(wrappers).map(({ name, schema }): [string, () => RNNCell] => [
    `${name} around an LSTM`,
    () => wrapCell(schema.parse({ kind: name }), new LSTMCell(units)),
  ]),
  ['two layers', () => new MultiRNNCell([new GRUCell(units), new LSTMCell(2)])],
];

describe('each cell and wrapper says what it wants:', () => {
  for (const [name, create] of all) {
    test(name, async () => {
      const cell = create().build(features, random());
      const state = cell.zeroState(batch);
      const call = (inputs: unknown, given: unknown = state) => {
        return () => cell.call(inputs as tf.Tensor2D, given as State, inference);
      };
      // A pass may be left out.
      const fits = tf.tidy(() => cell.call(x, state, undefined as never).output.shape);
      assert.deepEqual(fits, [batch, cell.outputSize]);
      await refuses(
        call(tf.ones([batch, 4])),
        /^Expected \w+ to get inputs \[batch, 5\].*found a tensor \[2, 4\]/,
      );
      await refuses(
        call(tf.ones([batch, features], 'int32')),
        /float32, found a tensor \[2, 5\], int32: tf\.cast/,
      );
      await refuses(call(tf.ones([batch, 1, features])), /found a tensor \[2, 1, 5\].*dynamicRnn/);
      await refuses(call([[1, 2, 3, 4, 5]]), /inputs \[batch, 5\].*found a list of 1: make it a tensor/);
      await refuses(call(undefined), /inputs \[batch, 5\].*found undefined/);
      const wrongState = / state.*(found|to be)/;
      await refuses(call(x, cell.zeroState(7)), wrongState);
      await refuses(call(x, withLeaf(state, tf.zeros([batch, 11]))), wrongState);
      await refuses(call(x, withLeaf(state, tf.zeros([batch, units], 'int32'))), wrongState);
      await refuses(call(x, withLeaf(state, 0)), wrongState);
      await refuses(call(x, null), wrongState);
      await refuses(call(x, 'state'), wrongState);
      tf.dispose(cell.variables);
    });

    test(`${name}: build`, async () => {
      const build = (...args: unknown[]) => {
        return () => (create().build as (...given: unknown[]) => unknown)(...args);
      };
      await refuses(build(), /build to get the number of features .* found undefined/);
      await refuses(build(2.5, random()), /found 2\.5/);
      await refuses(
        build(features),
        /random numbers for its weights, found undefined: build\(\d+, createRandom/,
      );
      await refuses(() => create().zeroState(-1), /batch size|build\(inputSize/);
    });
  }
});

const gru = new GRUCell(units).build(features, random());
const lstm = new LSTMCell(units).build(features, random());
const images: tf.Tensor3D = tf.ones([batch, 4, features]);

describe('functions that read a sequence', () => {
  const readers: Record<string, (inputs: unknown) => unknown> = {
    dynamicRnn: inputs => dynamicRnn(gru, inputs as tf.Tensor3D),
    bidirectionalDynamicRnn: inputs => bidirectionalDynamicRnn(gru, lstm, inputs as tf.Tensor3D),
    stateGradientNorms: inputs => stateGradientNorms(gru, inputs as tf.Tensor2D[], each => tf.sum(each, 1)),
    'ChunkedRnn.unroll': inputs =>
      new ChunkedRnn(gru, { stepsPerChunk: 2 }).unroll(inputs as tf.Tensor2D[], inference),
  };
  for (const [name, read] of Object.entries(readers)) {
    test(`${name}: inputs that do not fit`, async () => {
      const wants = `^Expected ${name} to get inputs \\[batch, time, 5\\]`;
      const cases: [unknown, string][] = [
        [tf.ones([batch, 20]), 'found a tensor \\[2, 20\\], float32: reshape it to \\[2, time, features\\]'],
        [tf.ones([batch, 4, 6]), 'found a tensor \\[2, 4, 6\\].*built for 5 features'],
        [tf.ones([batch, 0, features]), 'no time step'],
        [[], 'found an empty list: it has no time step'],
        [[x, tf.ones([batch, 4])], 'found a tensor \\[2, 4\\], float32 at time step 1'],
        [[x, tf.ones([3, features])], 'at time step 1: the first time step has 2 examples'],
        [[x, 3], 'found 3 at time step 1'],
        [undefined, 'found undefined'],
        [{ images }, 'found \\{ images \\}'],
      ];
      for (const [inputs, found] of cases)
        await refuses(() => read(inputs), new RegExp(`${wants}.*${found}`));
    });
  }

  test('dynamicRnn: integers, a cell, a pass and a state that do not fit', async () => {
    const call = (...args: unknown[]) => {
      return () => (dynamicRnn as (...given: unknown[]) => unknown)(...args);
    };
    await refuses(
      call(lstm, tf.ones([batch, 3, features], 'int32')),
      /LSTMCell to get inputs.*int32: tf\.cast/,
    );
    await refuses(call(undefined, images), /dynamicRnn to get a cell, found undefined/);
    await refuses(call(GRUCell, images), /to get a cell, found a function: make one/);
    await refuses(call(new GRUCell(2), images), /Expected a built GRUCell/);
    await refuses(
      call(gru, images, gru.zeroState(batch)),
      /a Pass after the inputs, found a tensor \[2, 3\]/,
    );
    await refuses(call(gru, images, true), /found true/);
    const started = (cell: RNNCell, state: unknown) => call(cell, images, undefined, state);
    await refuses(
      started(lstm, lstm.zeroState(7)),
      /startState\.c to be a tensor \[2, 3\].*found a tensor \[7, 3\]/,
    );
    await refuses(started(lstm, gru.zeroState(batch)), /startState to be \{ c, h \}, found a tensor/);
    await refuses(started(gru, lstm.zeroState(batch)), /startState to be a tensor .*found \{ c, h \}/);
  });

  test('sequenceLength', async () => {
    const call = (sequenceLength: unknown) => () =>
      dynamicRnn(gru, images, inference, undefined, { sequenceLength: sequenceLength as number[] });
    await refuses(call([1]), /one integer for each of 2 examples, found a list of 1/);
    await refuses(call([1, 5]), /from 0 to the 4 time steps there are, found 5 at 1/);
    await refuses(call([-1, 2]), /found -1 at 0/);
    await refuses(call([1.5, 2]), /found 1\.5 at 0/);
    await refuses(call(3), /found 3/);
    await refuses(call(tf.tensor1d([1, 2])), /\[2\], int32, found a tensor \[2\], float32/);
  });

  test("a cell of one's own, which says nothing of its widths, has its state checked all the same", async () => {
    const own: RNNCell<tf.Tensor2D> = {
      outputSize: 2,
      variables: {},
      build: () => own,
      zeroState: n => tf.zeros([n, 2]),
      call: (_, state) => ({ output: state, state }),
    };
    tf.tidy(() => assert.deepEqual(dynamicRnn(own, images).lastOutput.shape, [batch, 2]));
    const start: tf.Tensor2D = tf.zeros([batch, 3]);
    await refuses(() => dynamicRnn(own, images, inference, start), /startState to be a tensor \[2, 2\]/);
  });

  test('layers that were built by themselves and do not fit on top of each other', async () => {
    const layers = new MultiRNNCell([gru, new LSTMCell(2).build(features, random())] as RNNCell[]);
    const words =
      /layer 1 of MultiRNNCell to read the 3 outputs of layer 0, found a cell built for 5 features/;
    await refuses(() => dynamicRnn(layers, images), words);
  });

  test('a linear layer', async () => {
    const linear = new Linear(3, 2, random());
    await refuses(
      () => linear.call(x),
      /^Expected Linear to get inputs \[batch, 3\].*found a tensor \[2, 5\]/,
    );
  });
});

test('what is no cell is refused by whatever wraps cells', async () => {
  for (const { name, schema } of kindsOf(wrappers).filter(kind => kind.name !== 'none')) {
    const wrap = (cell: unknown) => () => wrapCell(schema.parse({ kind: name }), cell as RNNCell);
    await refuses(wrap(undefined), /Wrapper to get a cell, found undefined/);
    await refuses(wrap(GRUCell), /Wrapper to get a cell, found a function: make one/);
  }
  await refuses(() => new MultiRNNCell([gru, 3 as never]), /MultiRNNCell to get a cell, found 3/);
  await refuses(() => new MultiRNNCell(gru as never), /MultiRNNCell to get a list of cells/);
  await refuses(() => new DropoutWrapper(gru, { inputKeepProb: '0.5' as never }), /inputKeepProb above 0/);
});

test('options that are no numbers, or name what there is not, are refused', async () => {
  const lstm = (options: object) => () => new LSTMCell(2, options);
  await refuses(lstm({ numProj: 1.5 }), /LSTMCell's numProj to be an integer of at least 0, found 1\.5/);
  await refuses(lstm({ cellClip: -1 }), /LSTMCell's cellClip to be a number of at least 0, found -1/);
  await refuses(lstm({ projClip: '3' }), /projClip .* found '3'/);
  await refuses(lstm({ forgetBias: NaN }), /forgetBias to be a number, found NaN/);
  await refuses(lstm({ activation: 'tan' }), /an activation of tanh, relu, .* found 'tan'/);
  assert.equal(new LSTMCell(2, { numProj: undefined, activation: undefined }).outputSize, 2);
  for (const Cell of [GridLSTMCell, TimeFreqLSTMCell]) {
    const bands =
      (startFreqindexList: unknown, endFreqindexList: unknown, more = {}) =>
      () =>
        new Cell(2, {
          ...({ startFreqindexList, endFreqindexList } as object),
          featureSize: 2,
          ...more,
        }).build(6, random());
    await refuses(bands([0, 3], [3]), /found 2 in startFreqindexList and 1 in endFreqindexList/);
    await refuses(bands([0, 3], [3, 7]), /band 1 to end within the 6 features .* found 3 to 7/);
    await refuses(bands([0, 5], [3, 6]), /one block of 2 features .* found 1 in band 1, 5 to 6/);
    await refuses(bands(3, [6]), /startFreqindexList to be a list of integers, found 3/);
    await refuses(bands([0.5], [6]), /startFreqindexList\[0\] .* found 0\.5/);
    const told = { frequencySkip: 2, numFrequencyBlocks: [2] };
    await refuses(bands([0], [6], told), /numFrequencyBlocks to be 3 for features 0 to 6, found 2/);
    await refuses(bands([0, 2], [2, 6], told), /one number for each of 2 bands, found 1/);
  }
});
