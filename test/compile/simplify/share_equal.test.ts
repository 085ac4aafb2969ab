import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { compile } from '../../../lib/compile/compile';
import { nodeBackend } from '../../../lib/tfjs/node_backend';
import { tf } from '../../../lib/tfjs/tensorflow';
import { shareEqual } from '../../../lib/compile/simplify/share_equal';
import type { Constant, Graph, GraphNode, Operation } from '../../../lib/compile/graph/graph';
import { assertClose } from '../../support/assert_close';

const x = tf.tensor1d([-1.5, 0, 0.25, 2]);

/** Compiled and as it is: the same values, each a tensor of its own. @returns how often each operation occurs */
function operationsOf(fn: (x: tf.Tensor1D) => tf.Tensor[]) {
  const compiled = compile(fn);
  const [actual, expected] = [compiled(x), tf.tidy(() => fn(x))];
  actual.forEach((tensor, i) => assertClose(tensor, expected[i], 0));
  assert.equal(new Set(actual.map(({ dataId }) => dataId)).size, actual.length);
  return compiled.inspect()[0].operations;
}

describe('what is equal is there once', () => {
  test('operations on the same inputs, and what follows from them', () => {
    const { Exp, Mul, Sin } = operationsOf(x => [
      tf.add(tf.sin(tf.mul(tf.exp(x), 3)), tf.cos(tf.exp(x))),
      tf.sub(tf.sin(tf.mul(tf.exp(x), 3)), tf.mul(tf.exp(x), 2)),
    ]);
    assert.deepEqual({ Exp, Mul, Sin }, { Exp: 1, Mul: 2, Sin: 1 });
  });

  test('not results: each is a tensor of its own', () => {
    assert.equal(operationsOf(x => [tf.exp(x), tf.exp(x), tf.neg(tf.exp(x))]).Exp, 3);
  });

  test('not operations with other attributes or inputs in another order', () => {
    const { Sum, Sub } = operationsOf(x => {
      const square = tf.outerProduct(x, x.add<tf.Tensor1D>(1));
      const sums = [0, 1].map(axis => tf.sum(square, axis));
      return [tf.mul(sums[0], sums[1]), tf.mul(tf.sub(sums[0], sums[1]), tf.sub(sums[1], sums[0]))];
    });
    assert.deepEqual({ Sum, Sub }, { Sum: 2, Sub: 2 });
  });
});

describe('constants', () => {
  const { TF_FLOAT, TF_INT32 } = nodeBackend().binding;
  const constant = (
    name: string,
    values: Constant['values'],
    dtype = TF_FLOAT,
    shape = [values.length],
  ): Constant => ({
    ...{ kind: 'constant', name, values, outputs: [{ dtype, shape }] },
  });

  /** @returns the names that one operation reads after what is equal is shared */
  function read(...nodes: GraphNode[]): string {
    const reader: Operation = {
      ...{ kind: 'operation', name: 'reader', op: 'AddN', attributes: [], outputs: [] },
      inputs: nodes.map(node => ({ node, output: 0 })),
    };
    const graph: Graph = {
      ...{ nodes: [...nodes, reader], inputs: [], read: [], assignments: [], steps: [] },
      results: [{ node: reader, output: 0 }],
      structure: [],
    };
    shareEqual(graph);
    return reader.inputs.map(({ node }) => node.name).join();
  }

  test('of the same type, shape and bits', () => {
    const one = () => Float32Array.of(1);
    assert.equal(
      read(constant('a', one()), constant('b', one()), constant('c', Float32Array.of(2))),
      'a,a,c',
    );
    assert.equal(read(constant('a', one()), constant('b', one(), TF_FLOAT, [])), 'a,b');
    assert.equal(read(constant('a', Float32Array.of(0)), constant('b', Int32Array.of(0), TF_INT32)), 'a,b');
    assert.equal(read(constant('a', Float32Array.of(0)), constant('b', Float32Array.of(-0))), 'a,b');
    assert.equal(read(constant('a', Float32Array.of(NaN)), constant('b', Float32Array.of(NaN))), 'a,a');
  });

  test('of a part of a buffer by that part, and not large ones', () => {
    const all = Float32Array.of(1, 2, 3, 1);
    assert.equal(
      read(
        constant('a', all.subarray(0, 1)),
        constant('b', all.subarray(3)),
        constant('c', all.subarray(1, 2)),
      ),
      'a,a,c',
    );
    assert.equal(read(constant('a', new Float32Array(1000)), constant('b', new Float32Array(1000))), 'a,b');
  });
});
