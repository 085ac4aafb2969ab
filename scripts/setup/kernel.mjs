// The notebook kernel, described to Jupyter inside the folder that is set up: nothing outside it is touched.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SetupError } from './common.mjs';

/** What it is made of. With the package they are optional: npm may have left them out. */
const packages = ['@tslab/typescript-for-tslab', 'tslab', 'typescript', 'zeromq'];

const spec = launcher =>
  JSON.stringify(
    {
      // Absolute paths: a front end started from a desktop menu has no PATH with this Node on it.
      argv: [process.execPath, '--enable-source-maps', launcher, '{connection_file}'],
      display_name: 'TypeScript (tslab)',
      language: 'typescript',
      interrupt_mode: 'message', // heard while the kernel is busy,
    },
    null,
    2,
  );

function isThere(name, packageFolder) {
  try {
    return existsSync(packageFolder(name));
  } catch {
    return false;
  }
}

export default function kernelStep({ own, jupyter, launcher, packageFolder }) {
  const kernelSpec = join(jupyter, 'kernels', 'tslab', 'kernel.json');
  const missing = () => packages.filter(name => !isThere(name, packageFolder));
  return {
    name: 'Notebook kernel',
    needs: ['Node packages', 'Python packages'], // which may begin the environment afresh
    problems() {
      if (missing().length > 0) return [`no ${missing().join(', ')}`];
      if (!existsSync(kernelSpec)) return ['not described to Jupyter'];
      return readFileSync(kernelSpec, 'utf8') === spec(launcher)
        ? []
        : ['described to Jupyter with another folder or another Node'];
    },
    describe: () => `TypeScript (tslab) on ${process.execPath}`,
    /** Those that npm left out, if it is not about to install them. */
    async check(open) {
      if (missing().length === 0 || open.some(({ name }) => name === 'Node packages')) return;
      const { optionalDependencies } = JSON.parse(readFileSync(join(own, 'package.json'), 'utf8'));
      const names = missing().map(name => `${name}@${optionalDependencies[name]}`);
      throw new SetupError(
        `Expected the packages of the notebook kernel, found no ${missing().join(', ')}. Install them:\n` +
          `  npm install --ignore-scripts ${names.join(' ')}`,
      );
    },
    async run() {
      mkdirSync(dirname(kernelSpec), { recursive: true });
      writeFileSync(kernelSpec, spec(launcher));
    },
  };
}
