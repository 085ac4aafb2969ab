// JupyterLab, TensorBoard and what runs notebooks, in .venv: those of requirements.txt, and all that they need in the
// versions of constraints.txt.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, venv } from './common.mjs';
import { installPackages } from './pip.mjs';
import { halfDone, packagesRecord as record } from './python.mjs';
import { checksumOf, differences, readRecord, writeRecord } from './record.mjs';

const files = ['requirements.txt', 'constraints.txt'].map(name => join(root, name));
const facts = () => Object.fromEntries(files.map(file => [file.slice(root.length + 1), checksumOf(file)]));

/** Python compiles modules as they are used; pip keeps what it needs to go on; the kernel is a step of its own. */
const skip = (name, path) => name === '__pycache__' || name === 'kernels' || path === 'pip';

export default {
  name: 'Python packages',
  needs: ['Python environment'],
  folder: venv,
  problems: () => differences(record, facts(), venv),
  describe: () => {
    const metadata = Object.keys(readRecord(record)?.files ?? {}).filter(path =>
      path.endsWith('.dist-info/METADATA'),
    );
    return `${metadata.length} packages`;
  },
  async run(onLine) {
    writeFileSync(halfDone, '');
    const remark = await installPackages(...files, onLine);
    rmSync(halfDone);
    writeRecord(record, facts(), venv, skip);
    return remark;
  },
};
