// The notebook kernel, described to Jupyter inside the folder that is set up: nothing outside it is touched.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

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

export default function kernelStep({ jupyter, launcher }) {
  const kernelSpec = join(jupyter, 'kernels', 'tslab', 'kernel.json');
  return {
    name: 'Notebook kernel',
    needs: ['Python packages'], // which may begin the environment afresh
    problems() {
      if (!existsSync(kernelSpec)) return ['not described to Jupyter'];
      return readFileSync(kernelSpec, 'utf8') === spec(launcher)
        ? []
        : ['described to Jupyter with another folder or another Node'];
    },
    describe: () => `TypeScript (tslab) on ${process.execPath}`,
    async run() {
      mkdirSync(dirname(kernelSpec), { recursive: true });
      writeFileSync(kernelSpec, spec(launcher));
    },
  };
}
