// Where a set-up works. In the repository all is in its one folder. With the installed package, Scanline's own files are
// in node_modules, and what is set up belongs to the project: in its folder .scanline, so that nothing of the project's
// own (a .venv, perhaps) is touched.
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder that holds this folder scripts/setup: the repository, or the package. */
export const own = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

const windows = process.platform === 'win32';
const pythonIn = venv => (windows ? join(venv, 'Scripts', 'python.exe') : join(venv, 'bin', 'python'));

/**
 * @typedef {object} Place
 * @property {string} own        Scanline's own files
 * @property {string} project    the folder that is set up; commands run in it
 * @property {string} venv       the Python environment, with its interpreter `python`
 * @property {string} tensorflow TensorFlow's C library and headers
 * @property {string} out        for the log and the lock
 * @property {string} jupyter    where the notebook kernel is described to Jupyter; `launcher` starts it
 * @property {(name: string) => string} packageFolder where a Node package is, or will be
 * @property {() => void} prepare to be called before anything is written
 */

/** @returns {Place} */
export function repository() {
  const venv = join(own, '.venv');
  return {
    own,
    project: own,
    venv,
    python: pythonIn(venv),
    tensorflow: join(own, '.tensorflow'),
    out: join(own, 'out'),
    jupyter: join(venv, 'share', 'jupyter'),
    launcher: join(own, 'kernel', 'launch.js'),
    packageFolder: name => join(own, 'node_modules', name), // and not in a folder above, where another one may be
    prepare() {},
  };
}

/**
 * @param {string} project the folder of a project that has installed Scanline
 * @returns {Place}
 */
export function installation(project) {
  const folder = join(project, '.scanline');
  const venv = join(folder, 'venv');
  const { resolve } = createRequire(join(own, 'package.json'));
  return {
    own,
    project,
    venv,
    python: pythonIn(venv),
    tensorflow: join(folder, 'tensorflow'),
    out: folder,
    jupyter: join(folder, 'jupyter'), // and not in the environment, which projects may share
    launcher: join(own, 'dist', 'kernel', 'launch.js'),
    packageFolder: name => dirname(resolve(`${name}/package.json`)),
    prepare() {
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, '.gitignore'), '*\n');
    },
  };
}
