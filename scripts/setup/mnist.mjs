// The MNIST files in data/mnist, found, fetched and verified by lib/data.
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { root, run } from './common.mjs';

const bytes = {
  'train-images-idx3-ubyte': 47040016,
  'train-labels-idx1-ubyte': 60008,
  't10k-images-idx3-ubyte': 7840016,
  't10k-labels-idx1-ubyte': 10008,
};

const isThere = ([file, size]) => {
  const path = join(root, 'data', 'mnist', file);
  return existsSync(path) && statSync(path).size === size;
};

export default {
  name: 'MNIST',
  isDone: () => Object.entries(bytes).every(isThere),
  async run(onLine) {
    await run(process.execPath, ['-r', 'ts-node/register', join('scripts', 'fetch_data.ts')], { onLine });
  },
};
