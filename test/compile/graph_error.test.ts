import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { ownPlace } from '../../lib/compile/graph_error';

const stackOf = (...lines: string[]) => ['Error', ...lines.map(line => `    at ${line}`)].join('\n');

test('the first place outside compile, TensorFlow.js and Node is the own one', () => {
  const inside = join(__dirname, '..', '..', 'lib', 'compile', 'trace.ts');
  const foreign = [
    `Recorder.executeOp (${inside}:10:5)`,
    'gather_ (/p/node_modules/@tensorflow/tfjs-core/src/ops/gather.ts:1:2)',
    'node:internal/main:1:2',
  ];
  assert.equal(ownPlace(stackOf(...foreign)), undefined);
  const places = ['/my own/model.ts:12:5', '/a (b)/model.ts:1:2', 'C:\\me\\model.ts:3:4'];
  for (const place of places) {
    assert.equal(ownPlace(stackOf(...foreign, `Cell.call (${place})`, 'main (/later.ts:1:1)')), place);
    assert.equal(ownPlace(stackOf(...foreign, place)), place);
    assert.equal(ownPlace(stackOf(...foreign, `async ${place}`)), place);
  }
  assert.equal(ownPlace(undefined), undefined);
});
