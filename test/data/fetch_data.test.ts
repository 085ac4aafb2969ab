import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';

const root = join(__dirname, '..', '..');
const fetchData = (...args: string[]) =>
  spawnSync(process.execPath, ['-r', 'ts-node/register', join('scripts', 'fetch_data.ts'), ...args], {
    cwd: root,
    encoding: 'utf8',
  });

test('MNIST is there after set-up; one line a file says so', () => {
  const { status, stdout, stderr } = fetchData();
  assert.deepEqual([status, stderr], [0, '']);
  const files = ['train-images-idx3', 'train-labels-idx1', 't10k-images-idx3', 't10k-labels-idx1'];
  assert.equal(stdout, files.map(file => `${file}-ubyte: there and right\n`).join(''));
});

test('a data set that is not known: status 1 and the message alone', () => {
  const { status, stdout, stderr } = fetchData('fashion');
  assert.deepEqual([status, stdout], [1, '']);
  assert.equal(
    stderr,
    'Expected name to be one of mnist, fashion-mnist, found fashion; did you mean fashion-mnist?\n',
  );
});
