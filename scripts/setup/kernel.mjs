// The notebook kernel, described to Jupyter inside .venv: nothing outside this folder is touched.
import { join } from 'node:path';
import { root, stampIs, venv, writeStamp } from './common.mjs';

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
      interrupt_mode: 'signal',
    },
    null,
    2,
  );

export default {
  name: 'Notebook kernel',
  isDone: () => stampIs(specFile, spec()),
  run: async () => writeStamp(specFile, spec()),
};
