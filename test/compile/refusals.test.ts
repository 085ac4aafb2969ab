import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { compile } from '../../lib/compile/compile';
import { nodeBackend } from '../../lib/tfjs/node_backend';
import { tf } from '../../lib/tfjs/tensorflow';
import { assertClose, assertNoLeak } from '../support/assert_close';

const x = tf.tensor1d([1, 2, 3]);
let counter = 0;
const buffer = new Float32Array(1);

const { binding } = nodeBackend();
/** As a kernel would that keeps the native binding to itself, or computes somewhere else: no trace sees it. */
function bypassing(a: tf.Tensor1D): tf.Tensor {
  const backend = nodeBackend();
  const attributes = [{ name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT }];
  const [made] = binding.executeOp('Neg', attributes, backend.getInputTensorIds([a]), 1);
  return tf.engine().makeTensorFromTensorInfo(backend.createOutputTensor(made));
}

function drawByTensorFlow(): tf.Tensor {
  const { TF_ATTR_TYPE: type, TF_INT32, TF_FLOAT } = binding;
  const attributes = [
    { name: 'T', type, value: TF_INT32 },
    { name: 'dtype', type, value: TF_FLOAT },
  ];
  return nodeBackend().executeSingleOutput('RandomStandardNormal', attributes, [tf.tensor1d([3], 'int32')]);
}

/** What cannot be traced, and words of the error: what was found, and what to do. */
const refusals: Record<string, [(a: tf.Tensor1D) => unknown, RegExp]> = {
  dataSync: [a => tf.scalar(a.dataSync()[0]), /reads the values .* return the tensor and read it outside/],
  arraySync: [a => tf.tensor(a.arraySync()), /reads the values/],
  print: [a => (a.print(), a), /reads the values/],
  'a condition on a value': [a => (tf.sum(a).dataSync()[0] > 0 ? a : tf.neg(a)), /decide with tf.where/],
  'reading a variable': [a => tf.add(a, probe.dataSync()[0]), /reads the values/],
  'Math.random': [a => tf.add(a, Math.random()), /other numbers each time .* draw them with tf\.randomUniform/],
  'random booleans': [() => tf.randomUniform([64], 0, 2, 'bool'), /other numbers each time/],
  'tf.rand of the time': [a => tf.add(a, tf.rand([3], () => performance.now())), /other numbers each time/],
  'a counter': [a => tf.add(a, counter++), /other numbers each time .* pass the numbers in as an argument/],
  'an array that it changes': [a => (buffer[0]++, tf.add(a, tf.tensor1d(buffer))), /other numbers each time/],
  'another operation each time': [a => (counter++ % 2 ? tf.sin(a) : tf.cos(a)), /does something else each time: Cos once, Sin then|Sin once, Cos then/],
  'fewer operations the second time': [a => (counter++ % 2 ? a : tf.cos(tf.sin(a))), /does something else each time/],
  "TensorFlow's own draws": [() => drawByTensorFlow(), /runs TensorFlow's RandomStandardNormal/],
  'an async function': [a => Promise.resolve(a), /a promise: the function must not be async/],
  'making a variable': [a => tf.variable(a), /makes a variable each time it runs: make variables outside/],
  'a number as the result': [() => 3, /in the result, found the number 3: make it a tensor, tf.scalar\(3\)/],
  'a kernel that bypasses TensorFlow': [a => bypassing(a), /a kernel that bypasses TensorFlow: compute this part outside/],
  'a disposed tensor as the result': [a => { const b = tf.neg(a); b.dispose(); return b; }, /in the result, found one that was disposed/],
}; // prettier-ignore

const probe = tf.variable(tf.scalar(1));

describe('what cannot be traced is refused', () => {
  for (const [what, [fn, message]] of Object.entries(refusals)) {
    test(what, async () => {
      counter = 0;
      const f = compile(fn);
      await assertNoLeak(() => assert.throws(() => f(x), message));
    });
  }

  test('what runs outside is not touched by a refusal', () => {
    assert.throws(() => compile((a: tf.Tensor) => tf.scalar(a.dataSync()[0]))(x));
    assert.deepEqual([...tf.add(x, 1).dataSync()], [2, 3, 4]);
    assertClose(compile((a: tf.Tensor) => tf.add(a, 1))(x), tf.tensor1d([2, 3, 4]), 0);
  });

  test('arguments that are neither tensors nor fixed values', () => {
    const f = compile((a: unknown) => a as tf.Tensor);
    assert.throws(() => f({ a: [x, () => 3] }), /in the arguments\[0\]\.a\[1\], found the function/);
    assert.throws(() => f(new Map()), /found an object of class Map/);
    const gone = tf.scalar(1);
    gone.dispose();
    assert.throws(() => f(gone), /one that was disposed/);
  });

  test('numbers that are the same each time are constants', () => {
    const f = compile((a: tf.Tensor) => tf.add(a, tf.randomUniform([3], 0, 1, 'float32', 5)));
    assertClose(f(x), tf.add(x, tf.randomUniform([3], 0, 1, 'float32', 5)), 0);
  });
});

describe('errors inside the graph', () => {
  test('name the operation and the line of TypeScript that made it', () => {
    const table = tf.tensor1d([10, 20, 30]);
    const f = compile((indices: tf.Tensor1D) => {
      const scaled = tf.mul(indices, 2);
      return tf.gather(table, scaled.toInt()); // this line
    });
    assertClose(f(x.sub(1).minimum(1)), tf.tensor1d([10, 30, 30]), 0);
    assert.throws(
      () => f(tf.tensor1d([0, 7, 1])),
      (error: Error) => {
        assert.match(error.message, /TensorFlow failed in GatherV2/);
        assert.match(error.message, /14 is not in \[0, 3\)/);
        const line = Number(/refusals\.test\.ts:(\d+)/.exec(error.message)?.[1]);
        assert.match(readFileSync(__filename, 'utf8').split('\n')[line - 1], /tf\.gather\(table/);
        return true;
      },
    );
    assertClose(f(x.sub(1).minimum(1)), tf.tensor1d([10, 30, 30]), 0, 'works again afterwards');
  });
});
