// The MNIST files in data/mnist, found, fetched and verified by lib/data.
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { root, run } from './common.mjs';

const folder = join(root, 'data', 'mnist');

const bytes = {
  'train-images-idx3-ubyte': 47040016,
  'train-labels-idx1-ubyte': 60008,
  't10k-images-idx3-ubyte': 7840016,
  't10k-labels-idx1-ubyte': 10008,
};

function problems() {
  const sizes = Object.keys(bytes).map(file => [
    file,
    statSync(join(folder, file), { throwIfNoEntry: false })?.size,
  ]);
  return sizes
    .filter(([file, size]) => size !== bytes[file])
    .map(([file, size]) =>
      size === undefined ? `no ${file}` : `${file} has ${size} bytes, not ${bytes[file]}`,
    );
}

export default {
  name: 'MNIST',
  needs: ['Node packages'],
  folder,
  problems,
  describe: () => '70,000 images',
  run: onLine =>
    run(process.execPath, ['-r', 'ts-node/register', join('scripts', 'fetch_data.ts')], { onLine }).then(
      () => {},
    ),
};
