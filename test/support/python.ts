/** A Python that has a package, where one is installed: by `npm run bench` or `npm run golden`. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pythonIn, root } from '../../scripts/child_process';

const environments = [join(root, 'bench', '.venv'), join(root, 'out', 'golden-venv')];

/**
 * @param name of the package as it is imported
 * @returns the interpreter, and why a test that needs it is skipped
 */
export function pythonWith(name: string): { python: string; skip: string | false } {
  const find = `import importlib.util as u; exit(u.find_spec("${name}") is None)`;
  const python = [process.env.SCANLINE_TEST_PYTHON, ...environments.map(pythonIn)].find(
    each => each !== undefined && existsSync(each) && spawnSync(each, ['-c', find]).status === 0,
  );
  if (python !== undefined) return { python, skip: false };
  const skip = `no Python with ${name}: npm run bench or npm run golden installs one, or SCANLINE_TEST_PYTHON names one`;
  return { python: '', skip };
}
