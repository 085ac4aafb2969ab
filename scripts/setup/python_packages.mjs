// JupyterLab, TensorBoard and what runs notebooks, in the Python environment: those of requirements.txt, and all that they
// need in the versions of constraints.txt.
import { lstatSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError } from './common.mjs';
import { installPackages } from './pip.mjs';
import { halfDone, packagesRecord } from './python.mjs';
import { checksumOf, differences, readRecord, writeRecord } from './record.mjs';

const names = ['requirements.txt', 'constraints.txt'];

/** Python compiles modules as they are used; pip keeps what it needs to go on; the kernel is a step of its own. */
const skip = (name, path) => name === '__pycache__' || name === 'kernels' || path === 'pip';

export default function pythonPackagesStep(place) {
  const { own, venv } = place;
  const record = packagesRecord(venv);
  const files = names.map(name => join(own, name));
  const facts = () => Object.fromEntries(names.map((name, i) => [name, checksumOf(files[i])]));
  return {
    name: 'Python packages',
    needs: ['Python environment'],
    download: 120,
    folder: venv,
    problems: () => differences(record, facts(), venv),
    describe: () => {
      const metadata = Object.keys(readRecord(record)?.files ?? {}).filter(path =>
        path.endsWith('.dist-info/METADATA'),
      );
      return `${metadata.length} packages`;
    },
    async run(onLine) {
      if (lstatSync(venv).isSymbolicLink()) {
        throw new SetupError(
          `Expected the packages of ${names.join(' and ')} in ${venv}, found a link to an environment without them: ` +
            'delete the link, or run the set-up where it leads to',
        );
      }
      writeFileSync(halfDone(venv), '');
      const remark = await installPackages(place, ...files, onLine);
      rmSync(halfDone(venv));
      writeRecord(record, facts(), venv, skip);
      return remark;
    },
  };
}
