// tfjs-node's native addon, compiled against the TensorFlow in .tensorflow.
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { firstThat, root, run, SetupError, tfjsNode } from './common.mjs';
import { checksumOf, differences, readRecord, writeRecord } from './record.mjs';
import { folder as tensorflow, hasLibrary, version } from './tensorflow.mjs';

const addon = join(tfjsNode, 'lib', 'napi-v8', 'tfjs_binding.node');
const record = join(tfjsNode, 'lib', '.scanline-addon.json');
const libraries = join(tfjsNode, 'deps', 'lib');

const facts = () => ({ TensorFlow: version, 'the compiled addon': checksumOf(addon) });

function link(target, path) {
  mkdirSync(dirname(path), { recursive: true });
  rmSync(path, { recursive: true, force: true });
  symlinkSync(relative(dirname(path), target), path); // relative: both stand in the project's folder
}

function linkLibraries() {
  const [end, versioned] = process.platform === 'darwin' ? ['.dylib', '.2.dylib'] : ['.so', '.so.2'];
  link(join(tensorflow, 'include'), join(tfjsNode, 'deps', 'include'));
  for (const [name, wanted] of [
    ['tensorflow_cc', 'tensorflow'],
    ['tensorflow_framework', 'tensorflow_framework'],
  ]) {
    const file = readdirSync(tensorflow).find(each => each.startsWith(`lib${name}.`));
    if (!file)
      throw new SetupError(`Expected lib${name} in ${tensorflow}, found none: delete it and run again`);
    for (const alias of new Set([`lib${wanted}${end}`, `lib${wanted}${versioned}`, file])) {
      link(join(tensorflow, file), join(libraries, alias));
    }
  }
}

/** @returns {Promise<string>} its command; rejects with a SetupError that says how to install one */
export async function findCompiler() {
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
async function compile(onLine) {
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
      ...['-L', libraries, '-ltensorflow', '-ltensorflow_framework'],
      `-Wl,-rpath,${mac ? '@loader_path' : '$ORIGIN'}/../../deps/lib`,
      ...['-o', half],
    ],
    { onLine },
  );
  renameSync(half, addon);
}

/** The links lead somewhere: .tensorflow may have been deleted. */
const linksLead = () =>
  existsSync(libraries) && readdirSync(libraries).every(file => existsSync(join(libraries, file)));

export default {
  name: 'Native addon',
  needs: ['Node packages', 'TensorFlow'],
  folder: join(tfjsNode, 'lib'),
  problems() {
    const found = differences(record, facts());
    return found.length > 0 || linksLead() ? found : [`links in ${libraries} lead nowhere`];
  },
  describe: () => `runs TensorFlow ${readRecord(record)?.facts.runs}, ${statSync(addon).size} bytes`,
  check: findCompiler,
  async run(onLine) {
    if (hasLibrary()) {
      linkLibraries();
      await compile(onLine);
    } else {
      // No wheel for this machine or this Python: what tfjs-node brings itself, an older TensorFlow.
      await run(process.execPath, [join('scripts', 'install.js')], { cwd: tfjsNode, onLine });
    }
    const script =
      "process.stdout.write('runs ' + require('@tensorflow/tfjs-node').backend().binding.TF_Version)";
    const printed = await run(process.execPath, ['-e', script], { env: { TF_CPP_MIN_LOG_LEVEL: '2' } });
    const [, runs] = /runs (\S+)/.exec(printed);
    writeRecord(record, { ...facts(), runs });
    return hasLibrary() ? undefined : `runs ${runs}, tfjs-node's own download`;
  },
};
