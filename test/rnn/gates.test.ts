/** The gates that each cell says it has, also where a step is one of TensorFlow's kernels. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createRandom } from '../../lib/base/random';
import { compile } from '../../lib/compile/compile';
import { createCell, wrapCell } from '../../lib/model/model';
import {
  DropoutWrapper,
  EmbeddingWrapper,
  GRUCell,
  inference,
  inspection,
  LSTMCell,
  MultiRNNCell,
  Pass,
  type RNNCell,
  type State,
} from '../../lib/rnn';
import * as cells from '../../lib/rnn/cells/cells';
import * as wrappers from '../../lib/rnn/wrappers/wrappers';
import { kindsOf } from '../../lib/settings/kinds';
import { flatten, mapTensors } from '../../lib/tfjs/structure';
import { tf } from '../../lib/tfjs/tensorflow';
import { assertClose } from '../support/assert_close';

type CellInput = Parameters<typeof createCell>[0];
type WrapperInput = Parameters<typeof wrapCell>[0];

const lstm = ['f', 'i', 'j', 'o'];
const inLists = (count: number, names: string[]) =>
  [...Array(count).keys()].flatMap(i => names.map(n => `${i}.${n}`));
const grid = inLists(
  2,
  ['F', 'T'].flatMap(which => lstm.map(name => `${which}.${name}`)),
);

/** By kind, for eight features in two blocks. */
const expected: Record<string, string[]> = {
  ...{ basic: [], irnn: [], indRnn: [], grid1Rnn: [], grid2Rnn: [] },
  ...{ gru: ['c', 'r', 'u'], cudnnGru: ['c', 'r', 'u'], mgu: ['c', 'f'] },
  ...{ lstm, layerNormLstm: lstm, grid1Lstm: lstm, cifgLstm: ['f', 'j', 'o'] },
  gridLstm: grid,
  bidirectionalGridLstm: ['backward', 'forward'].flatMap(way => grid.map(name => `${way}.${name}`)),
  timeFreqLstm: inLists(2, lstm),
  ...{ grid2Lstm: inLists(2, lstm), grid3Lstm: inLists(3, lstm), grid2Gru: inLists(2, ['c', 'r', 'u']) },
};

const random = createRandom(3);
const x = tf.tensor2d(
  Array.from({ length: 16 }, () => random.uniform()),
  [2, 8],
);
const blocks = { featureSize: 4, frequencySkip: 4 };
const inBlocks = ['gridLstm', 'bidirectionalGridLstm', 'timeFreqLstm'];
const cellOf = (kind: string) =>
  createCell({ kind, ...(inBlocks.includes(kind) ? blocks : {}) } as CellInput, 3);

function namesOf(step: { gates?: unknown }): string[] {
  const names: string[] = [];
  mapTensors((step.gates ?? {}) as Record<string, tf.Tensor2D>, (_, path) => names.push(path.join('.')));
  return names.sort();
}

/** Some steps from a state that is not zero. */
function steps<S extends State>(cell: RNNCell<S>, pass: Pass) {
  let state = cell.zeroState(2);
  return [1, 2, 3].map(() => {
    const step = cell.call(x, state, pass);
    state = step.state;
    return step;
  });
}

const close = (actual: unknown, wanted: unknown) => {
  const [a, b] = [flatten(actual, 'found').tensors, flatten(wanted, 'wanted').tensors];
  assert.equal(a.length, b.length);
  a.forEach((tensor, i) => assertClose(tensor, b[i], 1e-5));
};

describe('gates', () => {
  for (const { name } of kindsOf(cells)) {
    test(`${name}: ${expected[name].join(' ') || 'none'}`, () => {
      const cell = cellOf(name).build(8, createRandom(0));
      const [watched, usual] = [steps(cell, inspection), steps(cell, inference)];
      watched.forEach((step, t) => {
        assert.deepEqual(namesOf(step), expected[name]);
        close({ output: step.output, state: step.state }, { output: usual[t].output, state: usual[t].state });
      });
    });
  }

  test('are those by which the state follows from the one before', () => {
    const gru = new GRUCell(3).build(8, createRandom(0));
    const [, before, after] = steps(gru, inspection);
    const { u, c } = after.gates as Record<string, tf.Tensor2D>;
    assertClose(after.state, tf.add(tf.mul(u, before.state), tf.mul(tf.sub(1, u), c)), 1e-6);
    const lstm = new LSTMCell(3).build(8, createRandom(0));
    const [, earlier, later] = steps(lstm, inspection);
    const { i, j, f, o } = later.gates as Record<string, tf.Tensor2D>;
    const memory = tf.add(tf.mul(f, earlier.state.c), tf.mul(i, j));
    assertClose(later.state.c, memory, 1e-6);
    assertClose(later.state.h, tf.mul(o, tf.tanh(memory)), 1e-6);
  });
});

describe('every wrapper hands on the gates of its cell', () => {
  const gates = ['c', 'r', 'u'];
  const ofProjections: Record<string, object> = {
    inputProjection: { inputProjectionSize: 4 },
    outputProjection: { outputProjectionSize: 4 },
  };
  for (const { name } of kindsOf(wrappers)) {
    test(name, () => {
      const cell = wrapCell({ kind: name, ...ofProjections[name] } as WrapperInput, new GRUCell(8)).build(
        8,
        createRandom(0),
      );
      const [step] = steps(cell, inspection);
      assert.deepEqual(namesOf(step), gates);
    });
  }

  test('dropout, in training as well; symbols; layers, each with its own', () => {
    const dropping = new DropoutWrapper(new GRUCell(8), { outputKeepProb: 0.5 }).build(8, createRandom(0));
    const training = new Pass(tf.tensor1d([1, 2], 'int32'), undefined, true);
    assert.deepEqual(namesOf(dropping.call(x, dropping.zeroState(2), training)), gates);
    const reading = new EmbeddingWrapper(new GRUCell(8), { embeddingClasses: 3, embeddingSize: 2 });
    reading.build(1, createRandom(0));
    const symbols = tf.tensor2d([[0], [2]], [2, 1], 'int32');
    assert.deepEqual(namesOf(reading.call(symbols, reading.zeroState(2), inspection)), gates);
    const layers = new MultiRNNCell([new GRUCell(2), cellOf('basic'), new LSTMCell(2)]).build(
      8,
      createRandom(0),
    );
    const names = [...gates.map(name => `0.${name}`), ...lstm.map(name => `2.${name}`)];
    assert.deepEqual(namesOf(steps(layers, inspection)[0]), names);
  });
});

test('where nobody asks for gates, a step stays one kernel and its graph has nothing of them', () => {
  const operations = (pass: Pass) => {
    const cell = new GRUCell(3).build(8, createRandom(0));
    const graph = compile((input: tf.Tensor2D) => cell.call(input, cell.zeroState(2), pass).output);
    graph(x);
    const [found] = graph.inspect();
    graph.dispose();
    return Object.keys(found.operations);
  };
  assert.ok(operations(inference).includes('GRUBlockCell') && !operations(inference).includes('Sigmoid'));
  assert.ok(!operations(inspection).includes('GRUBlockCell') && operations(inspection).includes('Sigmoid'));
});
