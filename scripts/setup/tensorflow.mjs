// The TensorFlow that tfjs-node is to run on: the current one, from its Python wheel, of which only the C library
// (libtensorflow_cc) with its headers is kept, in .tensorflow.
import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './common.mjs';
import { withWheel } from './pip.mjs';
import { differences, readRecord, writeRecord } from './record.mjs';

export const version = '2.21.0';
const recordIn = folder => join(folder, 'scanline-files.json');
const facts = () => ({ TensorFlow: version });

/** The wheel's name on this machine, or undefined where TensorFlow publishes none. */
function wheelName() {
  const machine = `${process.platform}-${process.arch}`;
  if (machine === 'linux-x64') return 'tensorflow-cpu';
  if (machine === 'linux-arm64' || machine === 'darwin-arm64') return 'tensorflow';
  return undefined;
}

/** Is the library here? Not where no wheel fits this machine or its Python. */
export const hasLibrary = ({ tensorflow }) =>
  readRecord(recordIn(tensorflow)) !== undefined && existsSync(join(tensorflow, 'include'));

/** The library's symbols are of use to debuggers only, and are a fifth of it. */
async function strip(place, library) {
  if (process.platform !== 'linux') return;
  const stripped = `${library}.stripped`;
  await run(place, 'strip', ['--strip-unneeded', '-o', stripped, library]).then(
    () => renameSync(stripped, library),
    () => rmSync(stripped, { force: true }), // no such program, or it cannot: then with symbols
  );
}

async function unpack(place, wheel, target, onLine) {
  const program = join(place.own, 'scripts', 'setup', 'unpack_tensorflow.py');
  await run(place, place.python, [program, wheel, target], { onLine });
  const library = join(target, 'libtensorflow_cc.so.2');
  if (existsSync(library)) await strip(place, library);
}

export default function tensorflowStep(place) {
  const folder = place.tensorflow;
  const part = `${folder}.part`;
  return {
    name: 'TensorFlow',
    needs: ['Python environment'],
    download: 250,
    folder,
    grows: part,
    problems: () => differences(recordIn(folder), facts(), folder),
    describe: () => (hasLibrary(place) ? version : `no wheel of ${version} fits this machine and its Python`),
    async run(onLine) {
      for (const each of [folder, part]) rmSync(each, { recursive: true, force: true });
      const name = wheelName();
      const use = wheel => unpack(place, wheel, part, onLine);
      const found = name !== undefined && (await withWheel(place, name, version, onLine, use));
      if (found) renameSync(part, folder);
      writeRecord(recordIn(folder), facts(), found ? folder : undefined);
      return this.describe();
    },
  };
}
