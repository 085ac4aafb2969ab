// Node packages, exactly as package-lock.json names them.
import { join } from 'node:path';
import { root, run } from './common.mjs';
import { checksumOf, differences, readRecord, writeRecord } from './record.mjs';

const folder = join(root, 'node_modules');
const record = join(folder, '.scanline-files.json');
const facts = () => ({ 'package-lock.json': checksumOf(join(root, 'package-lock.json')) });

/** TensorFlow's step writes these two; caches come and go. */
const changing = ['@tensorflow/tfjs-node/deps', '@tensorflow/tfjs-node/lib'];
const skip = (name, path) => changing.includes(path) || path === '.cache';

export default {
  name: 'Node packages',
  needs: [],
  folder,
  problems: () => differences(record, facts(), folder),
  describe: () => {
    const names = Object.keys(readRecord(record)?.files ?? {}).filter(path =>
      /^(@[^/]+\/)?[^/]+\/package\.json$/.test(path),
    );
    return `${names.length} packages`;
  },
  // Without scripts: the only one that matters, tfjs-node's, fetches a TensorFlow of 2022 from a host that many
  // machines cannot reach, and would fail the whole installation. The step "TensorFlow" takes its place.
  async run(onLine) {
    let fetched = 0;
    const count = line => onLine(/http fetch/.test(line) ? `${++fetched} answers from the registry` : line);
    const install = more =>
      run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel', 'http', ...more], {
        onLine: count,
      });
    // What npm has in its cache need not be asked for again; where that is out of date, the second try asks.
    await install(['--prefer-offline']).catch(() => install([]));
    writeRecord(record, facts(), folder, skip);
  },
};
