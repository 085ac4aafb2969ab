/** Each refusal names the line of the caller's file: that which did it, or, where nothing did, that of the call. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { describe, test } from 'node:test';
import { compile, CompileError, scan, tf } from '../../lib/compile';
import { nodeBackend } from '../../lib/tfjs/node_backend';

const lines = readFileSync(__filename, 'utf8').split('\n');
const x = tf.tensor1d([1, 2, 3]);
const outside = tf.tensor1d([1, 2, 3]);
const variable = tf.variable(tf.scalar(1));
const { binding } = nodeBackend();
let count = 0;
let total: tf.Tensor = tf.zeros([3]);
let left: tf.Tensor | undefined;

type Fn = (a: tf.Tensor1D) => unknown;
const traced = (fn: Fn) => () => compile(fn)(x);
const step = (fn: (s: tf.Tensor) => unknown) =>
  traced(() => scan((_, s: tf.Tensor) => fn(s) as never, 3, outside));
const drawing = () => {
  const attributes = ['dtype', 'T'].map((name, i) => ({
    ...{ name, type: binding.TF_ATTR_TYPE, value: [binding.TF_FLOAT, binding.TF_INT32][i] },
  }));
  return nodeBackend().executeSingleOutput('RandomStandardNormal', attributes, [tf.tensor1d([2], 'int32')]); // TensorFlow drawing numbers
};
const bypassing = (a: tf.Tensor) => {
  const [made] = binding.executeOp(
    'Neg',
    [{ name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT }],
    nodeBackend().getInputTensorIds([a]),
    1,
  );
  return nodeBackend().createOutputTensor(made); // a kernel that bypasses TensorFlow
};
const saved = (fn: Fn) => {
  const f = compile(fn);
  f(x);
  f.save(tmpdir()); // saving what assigns, saving what draws
};

/** What is done on the line of each is what is refused, but for those of which only the call can be named. */
const refusals: Record<string, () => unknown> = {
  'reading values': traced(a => tf.scalar(a.dataSync()[0])),
  'reading a shape that depends on values': traced(a => tf.zeros([tf.unique(a).values.size])),
  'other numbers': traced(a => tf.add(a, count++)),
  'another operation': traced(a => (count++ % 2 ? tf.sin(a) : tf.cos(a))),
  'TensorFlow drawing numbers': traced(() => drawing()),
  'a replaced total': traced(a => (total = tf.add(total, a))),
  'a disposed tensor': traced(a => { const b = tf.neg(a); b.dispose(); return tf.neg(b); }),
  'disposing of what it uses': traced(a => { const b = tf.add(a, outside); outside.dispose(); return b; }),
  'disposing of a variable': traced(a => { const b = tf.add(a, variable); variable.dispose(); return b; }),
  'making a variable': traced(a => tf.variable(a)),
  'a kernel that bypasses TensorFlow': traced(a => bypassing(a)),
  'a step that reads values': step(s => ({ output: s, state: tf.mul(s, s.dataSync()[0]) })),
  'a step that assigns': step(s => (variable.assign(tf.scalar(2)), { output: s, state: s })),
  'a step that counts': step(s => ({ output: tf.add(s, count++), state: s })),
  'a step of another state': step(s => ({ output: s, state: tf.sum(s) })),
}; // prettier-ignore

/** Nothing that the function does on a line of its own is wrong: the call is named. */
const calls: Record<string, () => unknown> = {
  'fewer operations the second time': traced(a => (count++ % 2 ? a : tf.cos(tf.sin(a)))),
  'a number as the result': traced(() => 3),
  'a promise': traced(a => Promise.resolve(a)),
  'an argument that is no tensor': () => compile((a: unknown) => a as tf.Tensor)({ a: [[[new Map()]]] }),
  'saving before a call': () => compile(() => x).save(tmpdir()),
  'saving what assigns': () => saved(() => (variable.assign(tf.add(variable, 1)), tf.neg(x))),
  'saving what draws': () => saved(a => tf.dropout(a, 0.5)),
  'inputs of different shapes': () => scan((a: tf.Tensor, s: tf.Tensor) => ({ output: a, state: s }), [x, tf.scalar(1)], x),
  'a state outside of compile': () => scan((_, s: tf.Tensor) => ({ output: s, state: tf.sum(s) }), 2, x),
  'a tensor left from a trace': () => {
    assert.throws(traced(a => ((left = tf.neg(a)), a.dataSync())));
    return tf.neg(left as tf.Tensor); // a tensor left from a trace
  },
}; // prettier-ignore

function placeOf(refused: () => unknown): string {
  try {
    refused();
  } catch (error) {
    assert.ok(error instanceof CompileError, String(error));
    const line = /refusal_places\.test\.ts:(\d+):\d+\)$/.exec(error.message)?.[1];
    assert.ok(line !== undefined, error.message);
    return lines[Number(line) - 1];
  }
  return assert.fail('not refused');
}

describe('a refusal names the line', () => {
  for (const [what, refused] of Object.entries(refusals)) {
    test(`of ${what}`, () => {
      const line = placeOf(refused);
      assert.ok(line.includes(what) || line.includes('scan((_'), line);
    });
  }
  for (const [what, refused] of Object.entries(calls)) {
    test(`that calls for ${what}`, () => {
      const line = placeOf(refused);
      assert.ok(line.includes(what) || line.startsWith('const traced'), line);
    });
  }
});
