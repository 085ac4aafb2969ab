import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compile } from '../../lib/compile/compile';
import { tf } from '../../lib/tfjs/tensorflow';

const weights = tf.variable(tf.ones([3, 2]));
const affine = compile(
  (x: tf.Tensor2D) => {
    weights.assign(tf.mul(weights, 2));
    return tf.add(tf.matMul(x, weights as tf.Tensor2D), 1);
  },
  { name: 'an "affine" function' },
);

test('an inspection counts nodes and variables, and says how long it took', () => {
  const start = performance.now();
  affine(tf.ones([4, 3]));
  const seconds = (performance.now() - start) / 1000;
  const [inspection] = affine.inspect();
  assert.equal(inspection.name, 'an "affine" function');
  assert.equal(inspection.capturedVariables, 1);
  assert.equal(inspection.assignedVariables, 1);
  assert.equal(inspection.operations.BatchMatMulV2, 1);
  const counted = Object.values(inspection.operations).reduce((a, b) => a + b);
  assert.equal(counted, inspection.numNodes);
  assert.ok(inspection.traceSeconds > 0 && (inspection.firstRunSeconds ?? 0) > 0);
  assert.ok(inspection.traceSeconds + (inspection.firstRunSeconds ?? 0) <= seconds);
});

test('the graph can be drawn: every node once, every edge between nodes, shapes on them', () => {
  affine(tf.ones([4, 3]));
  const [inspection] = affine.inspect();
  const lines = inspection.toGraphviz().split('\n');
  assert.equal(lines[0], 'digraph "an \\"affine\\" function" {');
  const name = '"((?:[^"\\\\]|\\\\.)*)"';
  const nodes = lines.flatMap(line => new RegExp(`^  ${name} \\[label=`).exec(line)?.[1] ?? []);
  const edges = lines.flatMap(line => {
    const edge = new RegExp(`^  ${name} -> ${name} \\[label="(.*)"\\]$`).exec(line);
    return edge ? [edge.slice(1)] : [];
  });
  assert.equal(nodes.length, inspection.numNodes);
  assert.equal(new Set(nodes).size, nodes.length);
  for (const [from, to] of edges) assert.ok(nodes.includes(from) && nodes.includes(to), `${from} -> ${to}`);
  assert.ok(edges.some(([from, , shape]) => from === 'argument_0' && shape === '4 × 3'));
  assert.ok(edges.some(([from, , shape]) => from.startsWith('variable') && shape === '3 × 2'));
});
