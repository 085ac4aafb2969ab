import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import * as pb from '@tensorflow/tfjs-node/dist/proto/api_pb.js';
import { compile, tf } from '../../lib/compile';

const folder = mkdtempSync(join(tmpdir(), 'scanline-graph-event-'));
after(() => rmSync(folder, { recursive: true }));

/** What tfjs-node's classes read. */
const { GraphDef } = pb as unknown as {
  GraphDef: { deserializeBinary(bytes: Uint8Array): { getNodeList(): { getOp(): string }[] } };
};

test('writes the graph as an event file', () => {
  const f = compile((x: tf.Tensor) => tf.sqrt(tf.sum(tf.square(x))));
  assert.throws(() => f.writeGraph(folder), /has no graph yet .*: call it once, then write it/);
  f(tf.ones([3])).dispose();
  f.writeGraph(join(folder, 'run'));
  const [name, ...others] = readdirSync(join(folder, 'run'));
  assert.match(name, /^events\.out\.tfevents\.\d+\./);
  assert.deepEqual(others, []);
  const bytes = readFileSync(join(folder, 'run', name));
  // Two records: the length (8 bytes) with its checksum (4), the bytes, their checksum (4).
  const first = Number(bytes.readBigUInt64LE(0));
  const second = bytes.subarray(first + 16 + 12, bytes.length - 4);
  assert.equal(second.length, Number(bytes.readBigUInt64LE(first + 16)));
  // Event: wall_time (9 bytes), step (2), then graph_def, number 4: its length takes two bytes here.
  assert.equal(second[11], (4 << 3) | 2);
  const operations = GraphDef.deserializeBinary(second.subarray(14)).getNodeList();
  assert.deepEqual(operations.map(node => node.getOp()), ['Placeholder', 'Square', 'Const', 'Sum', 'Sqrt']); // prettier-ignore
  f.dispose();
});
