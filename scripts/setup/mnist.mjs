// The MNIST files in data/mnist, found, fetched and verified by lib/data.
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './common.mjs';

const bytes = {
  'train-images-idx3-ubyte': 47040016,
  'train-labels-idx1-ubyte': 60008,
  't10k-images-idx3-ubyte': 7840016,
  't10k-labels-idx1-ubyte': 10008,
};

function problems(folder) {
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

export default function mnistStep(place) {
  const folder = join(place.project, 'data', 'mnist');
  const fetch = ['-r', 'ts-node/register', join('scripts', 'fetch_data.ts')];
  return {
    name: 'MNIST',
    needs: ['Node packages'],
    folder,
    problems: () => problems(folder),
    describe: () => '70,000 images',
    run: onLine => run(place, process.execPath, fetch, { onLine }).then(() => {}),
  };
}
