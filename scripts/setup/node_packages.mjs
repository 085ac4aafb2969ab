// Node packages, exactly as package-lock.json names them.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, run, stampIs, writeStamp } from './common.mjs';

const stamp = join(root, 'node_modules', '.scanline-packages');

const fingerprint = () =>
  createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');

export default {
  name: 'Node packages',
  isDone: () => stampIs(stamp, fingerprint()) && existsSync(join(root, 'node_modules', 'tslab')),
  // Without scripts: the only one that matters, tfjs-node's, fetches a TensorFlow of 2022 from a host that many
  // machines cannot reach, and would fail the whole installation. The step "TensorFlow" takes its place.
  async run(onLine) {
    await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { onLine });
    writeStamp(stamp, fingerprint());
  },
};
