// The notebook kernel, described to Jupyter inside .venv: nothing outside this folder is touched.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root, venv } from './common.mjs';

const specFile = join(venv, 'share', 'jupyter', 'kernels', 'tslab', 'kernel.json');

const spec = () =>
  JSON.stringify(
    {
      // Absolute paths: a front end started from a desktop menu has no PATH with this Node on it.
      argv: [
        process.execPath,
        '--enable-source-maps',
        join(root, 'kernel', 'launch.js'),
        '{connection_file}',
      ],
      display_name: 'TypeScript (tslab)',
      language: 'typescript',
      interrupt_mode: 'message', // heard while the kernel is busy,
    },
    null,
    2,
  );

function problems() {
  if (!existsSync(specFile)) return ['not described to Jupyter'];
  return readFileSync(specFile, 'utf8') === spec()
    ? []
    : ['described to Jupyter with another folder or another Node'];
}

export default {
  name: 'Notebook kernel',
  needs: ['Python packages'], // which may begin .venv afresh
  problems,
  describe: () => `TypeScript (tslab) on ${process.execPath}`,
  async run() {
    mkdirSync(dirname(specFile), { recursive: true });
    writeFileSync(specFile, spec());
  },
};
