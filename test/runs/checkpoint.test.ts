import assert from 'node:assert/strict';
import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { defaultHyperparameters } from '../../lib/model/hyperparameters';
import {
  readCheckpoint,
  restoreVariables,
  writeCheckpoint,
  type CheckpointInfo,
} from '../../lib/runs/checkpoint';
import { tf } from '../../lib/tfjs/tensorflow';
import { smallData } from '../support/small_data';
import { runsFolder } from '../support/training';

const path = join(runsFolder(), 'one.safetensors');
const info: CheckpointInfo = {
  ...{
    format: 1,
    step: 7,
    epoch: 0,
    stepInEpoch: 7,
    metricsBytes: 1,
    keep: false,
    dataDigest: 'none',
    metricsLines: 1,
  },
  hyperparameters: defaultHyperparameters,
  data: smallData(10).state(),
};
const variables = () => ({
  'model/kernel': tf.variable(tf.tensor2d([1, 2, 3, 4, 5, -0.1], [3, 2])),
  'optimizer/kernel/ms': tf.variable(tf.tensor1d([0.25])),
});

test('the file is in the format safetensors: length, header, numbers', () => {
  writeCheckpoint(path, info, variables());
  const file = readFileSync(path);
  const length = Number(file.readBigUInt64LE(0));
  assert.equal(length % 8, 0);
  const header = JSON.parse(file.toString('utf8', 8, 8 + length)) as Record<string, unknown>;
  assert.deepEqual(header['model/kernel'], { dtype: 'F32', shape: [3, 2], data_offsets: [0, 24] });
  assert.deepEqual(header['optimizer/kernel/ms'], { dtype: 'F32', shape: [1], data_offsets: [24, 28] });
  assert.equal(file.readFloatLE(8 + length + 20), Math.fround(-0.1));
  assert.equal(file.length, 8 + length + 28);
});

test('what was written comes back, to the last bit', () => {
  const written = variables();
  writeCheckpoint(path, info, written);
  const checkpoint = readCheckpoint(path);
  assert.deepEqual(checkpoint.info, info);
  const others = { ...variables(), 'model/kernel': tf.variable(tf.zeros([3, 2])) };
  restoreVariables(checkpoint, others, path);
  assert.deepEqual(others['model/kernel'].dataSync(), written['model/kernel'].dataSync());
});

test('a file that is cut off, is something else, or fits another network is refused with what was found', () => {
  const { 'model/kernel': kernel, ...rest } = variables();
  writeCheckpoint(path, info, { 'model/kernel': kernel, ...rest });
  const checkpoint = readCheckpoint(path);
  assert.throws(
    () => restoreVariables(checkpoint, { ...rest, 'model/bias': kernel }, path),
    /lacks model\/bias in the network's shape and holds model\/kernel, which the network lacks/,
  );
  truncateSync(path, readFileSync(path).length - 4);
  assert.throws(() => readCheckpoint(path), /its end is missing: 24 bytes of numbers, not 28/);
  writeCheckpoint(path, info, { 'model/kernel': kernel, ...rest });
  const whole = readFileSync(path);
  for (const at of [whole.length - 5, whole.indexOf('\\"step\\":7') + 9]) {
    const flipped = Buffer.from(whole);
    flipped[at] ^= 1;
    writeFileSync(path, flipped);
    assert.throws(() => readCheckpoint(path), /found damaged: its checksum is that of other content/);
  }
  writeFileSync(path, 'a letter');
  assert.throws(() => readCheckpoint(path), /found something else, or the beginning of one/);
  assert.throws(() => readCheckpoint(`${path}-none`), /found missing: use another/);
});

test('files of other tools are told apart: no description, other types, and those of before have no checksum', () => {
  writeCheckpoint(path, info, variables());
  const file = readFileSync(path);
  const length = Number(file.readBigUInt64LE(0));
  const header = JSON.parse(file.toString('utf8', 8, 8 + length)) as Record<string, Record<string, string>>;
  const rewrite = (changed: object) => {
    const text = Buffer.from(JSON.stringify({ ...header, ...changed }));
    const size = Buffer.alloc(8);
    size.writeBigUInt64LE(BigInt(text.length));
    writeFileSync(path, Buffer.concat([size, text, file.subarray(8 + length)]));
  };
  const { sha256, ...metadata } = header.__metadata__;
  assert.match(sha256, /^[0-9a-f]{64}$/);
  rewrite({ __metadata__: metadata });
  assert.deepEqual(readCheckpoint(path).info, info);
  rewrite({ __metadata__: {} });
  assert.throws(() => readCheckpoint(path), /found a file without the description that Scanline writes/);
  for (const dtype of ['F16', 'BF16', 'F64', 'I64']) {
    rewrite({ __metadata__: metadata, 'model/kernel': { ...header['model/kernel'], dtype } });
    assert.throws(() => readCheckpoint(path), new RegExp(`found model/kernel as ${dtype}: write it as F32`));
  }
  for (const data_offsets of [
    [4, 28],
    [0, 28],
    [-4, 20],
    ['0', 24],
    [0, 1e30],
  ]) {
    rewrite({ __metadata__: metadata, 'model/kernel': { ...header['model/kernel'], data_offsets } });
    assert.throws(() => readCheckpoint(path), /found damaged: /);
  }
});
