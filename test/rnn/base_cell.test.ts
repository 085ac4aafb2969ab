/** What a cell gets from BaseCell: the names of its weights, and what it refuses. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BaseCell, createRandom, GRUCell, Linear, tf, variablesOf, type Random, type Step } from '../../lib';
import { createVariable } from '../../lib/rnn/layers/initializers';

type OwnWeights = {
  readonly cell: GRUCell;
  readonly inner: { readonly gate: Linear; readonly scale?: tf.Variable };
};

/** With weights of all sorts: another cell, a layer, a variable that may be left out. */
class OwnCell extends BaseCell<tf.Tensor2D, OwnWeights> {
  readonly outputSize = 2;
  readonly stateSize = 2;

  constructor(private readonly scaled: boolean) {
    super();
  }

  protected createWeights(inputSize: number, random: Random): OwnWeights {
    return {
      cell: new GRUCell(2).build(inputSize, random.fork('cell')),
      inner: {
        gate: new Linear(2, 2, random.fork('gate')),
        scale: this.scaled ? createVariable(() => tf.ones([2])) : undefined,
      },
    };
  }

  call(x: tf.Tensor2D, h: tf.Tensor2D): Step<tf.Tensor2D> {
    const { cell, inner } = this.weightsFor(x, h);
    const { output } = cell.call(x, h);
    return { output: inner.gate.call(output), state: output };
  }
}

const built = (scaled: boolean) => new OwnCell(scaled).build(3, createRandom(0));

test('names follow from the tree of weights, in its order; what is left out has none', () => {
  const ofCell = ['gates/kernel', 'gates/bias', 'candidate/kernel', 'candidate/bias'].map(
    name => `cell/${name}`,
  );
  const names = [...ofCell, 'inner/gate/kernel', 'inner/gate/bias'];
  assert.deepEqual(Object.keys(built(false).variables), names);
  assert.deepEqual(Object.keys(built(true).variables), [...names, 'inner/scale']);
});

test('before it is built a cell has no weights, and says so by the name of its class', () => {
  const cell = new OwnCell(true);
  assert.deepEqual(cell.variables, {});
  assert.equal(cell.inputSize, undefined);
  assert.throws(
    () => cell.call(tf.zeros([1, 3]), cell.zeroState(1)),
    /^UserError: Expected a built OwnCell, found one without weights: call build/,
  );
});

test('inputs and states that do not fit are refused by the name of the class', () => {
  const cell = built(false);
  assert.equal(cell.inputSize, 3);
  assert.throws(
    () => cell.call(tf.zeros([1, 4]), cell.zeroState(1)),
    /Expected OwnCell to get inputs \[batch, 3\]/,
  );
  assert.throws(
    () => cell.call(tf.zeros([1, 3]), tf.zeros([2, 2])),
    /Expected OwnCell's state to be a tensor \[1, 2\]/,
  );
});

test('what has variables of its own is named like a cell', () => {
  const own = { variables: { a: tf.variable(tf.scalar(1)) } };
  assert.deepEqual(Object.keys(variablesOf({ first: own, second: { third: own } })), [
    'first/a',
    'second/third/a',
  ]);
});
