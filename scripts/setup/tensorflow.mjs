// The TensorFlow that tfjs-node runs on: the current one from its Python wheel, with tfjs-node's native addon
// compiled against it. The wheel holds the C API (libtensorflow_cc) and its headers.
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { firstThat, root, run, SetupError, stampIs, tfjsNode, venvPython, writeStamp } from './common.mjs';

const version = '2.21.0';
const addon = join(tfjsNode, 'lib', 'napi-v8', 'tfjs_binding.node');
const stamp = join(tfjsNode, 'lib', '.scanline-runtime');

/** The wheel's name on this machine, or undefined where TensorFlow publishes none. */
function wheelName() {
  const machine = `${process.platform}-${process.arch}`;
  if (machine === 'linux-x64') return 'tensorflow-cpu';
  if (machine === 'linux-arm64' || machine === 'darwin-arm64') return 'tensorflow';
  return undefined;
}

async function installWheel(onLine) {
  const wheel = wheelName();
  if (!wheel) return undefined;
  const pip = ['-m', 'pip', 'install', '--disable-pip-version-check', '--no-deps', `${wheel}==${version}`];
  try {
    await run(venvPython, pip, { onLine });
  } catch (error) {
    if (!/No matching distribution/.test(error.message)) throw error;
    return undefined; // this Python is newer or older than the wheels
  }
  const where = 'import importlib.util as u; print(u.find_spec("tensorflow").submodule_search_locations[0])';
  return (await run(venvPython, ['-c', where])).trim();
}

function link(target, path) {
  mkdirSync(dirname(path), { recursive: true });
  rmSync(path, { recursive: true, force: true });
  symlinkSync(relative(dirname(path), target), path); // relative: .venv and node_modules stand side by side
}

function linkLibraries(wheelFolder) {
  const [end, versioned] = process.platform === 'darwin' ? ['.dylib', '.2.dylib'] : ['.so', '.so.2'];
  const library = name => readdirSync(wheelFolder).find(file => file.startsWith(`lib${name}.`));
  const deps = join(tfjsNode, 'deps');
  link(join(wheelFolder, 'include'), join(deps, 'include'));
  for (const [name, wanted] of [
    ['tensorflow_cc', 'tensorflow'],
    ['tensorflow_framework', 'tensorflow_framework'],
  ]) {
    const file = library(name);
    if (!file)
      throw new SetupError(`Expected lib${name} in ${wheelFolder}, found none: delete .venv and run again`);
    for (const alias of new Set([`lib${wanted}${end}`, `lib${wanted}${versioned}`, file])) {
      link(join(wheelFolder, file), join(deps, 'lib', alias));
    }
  }
}

async function findCompiler() {
  const works = compiler => run(compiler, ['--version']).then(Boolean, () => false);
  const compiler = await firstThat([process.env.CXX, 'c++', 'g++', 'clang++'], works);
  if (!compiler) {
    const hint =
      process.platform === 'darwin'
        ? 'xcode-select --install'
        : 'sudo apt-get install g++   (Debian, Ubuntu)\n  sudo dnf install gcc-c++   (Fedora)';
    throw new SetupError(
      `Expected a C++ compiler (c++, g++ or clang++), found none. Install one:\n  ${hint}`,
    );
  }
  return compiler;
}

/** Two C++ files and one command; node-gyp would want Node's headers from the web and a path without spaces. */
async function compileAddon(onLine) {
  const compiler = await findCompiler();
  const mac = process.platform === 'darwin';
  const from = join(tfjsNode, 'binding');
  const sources = readdirSync(from).filter(file => file.endsWith('.cc'));
  const half = `${addon}.part`;
  mkdirSync(dirname(addon), { recursive: true });
  await run(
    compiler,
    [
      ...['-std=c++17', '-O2', '-fPIC', '-DNAPI_VERSION=8'],
      ...(mac ? ['-bundle', '-undefined', 'dynamic_lookup'] : ['-shared']),
      ...['-I', join(root, 'node_modules', 'node-api-headers', 'include')],
      ...['-I', join(tfjsNode, 'deps', 'include'), '-I', dirname(tfjsNode)],
      ...sources.map(file => join(from, file)),
      ...['-L', join(tfjsNode, 'deps', 'lib'), '-ltensorflow', '-ltensorflow_framework'],
      `-Wl,-rpath,${mac ? '@loader_path' : '$ORIGIN'}/../../deps/lib`,
      ...['-o', half],
    ],
    { onLine },
  );
  renameSync(half, addon);
}

/** False also where a link leads nowhere: .venv was deleted or made anew. */
function librariesAreThere() {
  const folder = join(tfjsNode, 'deps', 'lib');
  return existsSync(folder) && readdirSync(folder).every(file => existsSync(join(folder, file)));
}

export default {
  name: 'TensorFlow',
  isDone: () => stampIs(stamp, version) && existsSync(addon) && librariesAreThere(),
  async check() {
    if (wheelName()) await findCompiler();
  },
  async run(onLine) {
    const wheelFolder = await installWheel(onLine);
    if (wheelFolder) {
      linkLibraries(wheelFolder);
      await compileAddon(onLine);
    } else {
      // No wheel for this machine or this Python: what tfjs-node brings itself, an older TensorFlow.
      await run(process.execPath, [join('scripts', 'install.js')], { cwd: tfjsNode, onLine });
    }
    const script =
      "process.stdout.write('runs ' + require('@tensorflow/tfjs-node').backend().binding.TF_Version)";
    const printed = await run(process.execPath, ['-e', script], { env: { TF_CPP_MIN_LOG_LEVEL: '2' } });
    writeStamp(stamp, version);
    const loaded = /runs (\S+)/.exec(printed)[1];
    return wheelFolder
      ? loaded
      : `${loaded}, tfjs-node's own download: no wheel of ${version} fits this machine`;
  },
};
