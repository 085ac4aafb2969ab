// tfjs-node's native addon, compiled against the TensorFlow in .tensorflow.
import {
  existsSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { firstThat, run, SetupError } from './common.mjs';
import { checksumOf, differences, readRecord, writeRecord } from './record.mjs';
import { hasLibrary, version } from './tensorflow.mjs';

/** Of tfjs-node's package. */
const filesIn = tfjsNode => ({
  addon: join(tfjsNode, 'lib', 'napi-v8', 'tfjs_binding.node'),
  record: join(tfjsNode, 'lib', '.scanline-addon.json'),
  libraries: join(tfjsNode, 'deps', 'lib'),
});

const facts = addon => ({ TensorFlow: version, 'the compiled addon': checksumOf(addon) });

function link(target, path) {
  mkdirSync(dirname(path), { recursive: true });
  rmSync(path, { recursive: true, force: true });
  symlinkSync(relative(realpathSync(dirname(path)), realpathSync(target)), path); // both stand in the project's folder
}

function linkLibraries(tensorflow, tfjsNode) {
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
      link(join(tensorflow, file), join(filesIn(tfjsNode).libraries, alias));
    }
  }
}

/** @returns {Promise<string>} its command; rejects with a SetupError that says how to install one */
export async function findCompiler(place) {
  const works = compiler => run(place, compiler, ['--version']).then(Boolean, () => false);
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
async function compile(place, tfjsNode, onLine) {
  const compiler = await findCompiler(place);
  const { addon, libraries } = filesIn(tfjsNode);
  const mac = process.platform === 'darwin';
  const from = join(tfjsNode, 'binding');
  const sources = readdirSync(from).filter(file => file.endsWith('.cc'));
  const half = `${addon}.part`;
  mkdirSync(dirname(addon), { recursive: true });
  await run(
    place,
    compiler,
    [
      ...['-std=c++17', '-O2', '-fPIC', '-DNAPI_VERSION=8'],
      ...(mac ? ['-bundle', '-undefined', 'dynamic_lookup'] : ['-shared']),
      ...['-I', join(place.packageFolder('node-api-headers'), 'include')],
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

/** The links lead somewhere: the folder with TensorFlow may have been deleted. */
const linksLead = libraries =>
  existsSync(libraries) && readdirSync(libraries).every(file => existsSync(join(libraries, file)));

export default function addonStep(place) {
  // Looked up when asked for: a step before this one may have to install it.
  const tfjsNode = () => place.packageFolder('@tensorflow/tfjs-node');
  const files = () => filesIn(tfjsNode());
  return {
    name: 'Native addon',
    needs: ['Node packages', 'TensorFlow'],
    get folder() {
      return join(tfjsNode(), 'lib');
    },
    problems() {
      const { addon, record, libraries } = files();
      const found = differences(record, facts(addon));
      return found.length > 0 || linksLead(libraries) ? found : [`links in ${libraries} lead nowhere`];
    },
    describe() {
      const { addon, record } = files();
      return `runs TensorFlow ${readRecord(record)?.facts.runs}, ${statSync(addon).size} bytes`;
    },
    check: () => findCompiler(place),
    async run(onLine) {
      const found = hasLibrary(place);
      if (found) {
        linkLibraries(place.tensorflow, tfjsNode());
        await compile(place, tfjsNode(), onLine);
      } else {
        // No wheel for this machine or this Python: what tfjs-node brings itself, an older TensorFlow.
        await run(place, process.execPath, [join('scripts', 'install.js')], { cwd: tfjsNode(), onLine });
      }
      const script = `process.stdout.write('runs ' + require(${JSON.stringify(tfjsNode())}).backend().binding.TF_Version)`;
      const printed = await run(place, process.execPath, ['-e', script], {
        env: { TF_CPP_MIN_LOG_LEVEL: '2' },
      });
      const [, runs] = /runs (\S+)/.exec(printed);
      const { addon, record } = files();
      writeRecord(record, { ...facts(addon), runs });
      return found ? undefined : `runs ${runs}, tfjs-node's own download`;
    },
  };
}
