// The TensorFlow that tfjs-node is to run on: the current one, from its Python wheel, of which only the C library
// (libtensorflow_cc) with its headers is kept, in .tensorflow.
import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root, run, venvPython } from './common.mjs';
import { withWheel } from './pip.mjs';
import { differences, readRecord, writeRecord } from './record.mjs';

export const version = '2.21.0';
export const folder = join(root, '.tensorflow');
const part = `${folder}.part`;
const record = join(folder, 'scanline-files.json');
const facts = () => ({ TensorFlow: version });

/** The wheel's name on this machine, or undefined where TensorFlow publishes none. */
function wheelName() {
  const machine = `${process.platform}-${process.arch}`;
  if (machine === 'linux-x64') return 'tensorflow-cpu';
  if (machine === 'linux-arm64' || machine === 'darwin-arm64') return 'tensorflow';
  return undefined;
}

/** Is the library here? Not where no wheel fits this machine or its Python. */
export const hasLibrary = () => readRecord(record) !== undefined && existsSync(join(folder, 'include'));

/** The library's symbols are of use to debuggers only, and are a fifth of it. */
async function strip(library) {
  if (process.platform !== 'linux') return;
  const stripped = `${library}.stripped`;
  await run('strip', ['--strip-unneeded', '-o', stripped, library]).then(
    () => renameSync(stripped, library),
    () => rmSync(stripped, { force: true }), // no such program, or it cannot: then with symbols
  );
}

async function unpack(wheel, target, onLine) {
  const program = join(root, 'scripts', 'setup', 'unpack_tensorflow.py');
  await run(venvPython, [program, wheel, target], { onLine });
  const library = join(target, 'libtensorflow_cc.so.2');
  if (existsSync(library)) await strip(library);
}

export default {
  name: 'TensorFlow',
  needs: ['Python environment'],
  folder,
  grows: part,
  problems: () => differences(record, facts(), folder),
  describe: () => (hasLibrary() ? version : `no wheel of ${version} fits this machine and its Python`),
  async run(onLine) {
    for (const each of [folder, part]) rmSync(each, { recursive: true, force: true });
    const name = wheelName();
    const found =
      name !== undefined && (await withWheel(name, version, onLine, wheel => unpack(wheel, part, onLine)));
    if (found) renameSync(part, folder);
    writeRecord(record, facts(), found ? folder : undefined);
    return this.describe();
  },
};
