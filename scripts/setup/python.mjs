// A Python environment of the project's own, made from the first Python on this computer that is new enough.
import { existsSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { run, SetupError } from './common.mjs';
import { brokenFiles, differences, readRecord, writeRecord } from './record.mjs';

const recordOf = venv => join(venv, '.scanline-python.json');
export const packagesRecord = venv => join(venv, '.scanline-packages.json');
/** Stands while pip is at work: what it leaves when it is killed is not to be built upon. */
export const halfDone = venv => join(venv, '.scanline-half-done');

/**
 * Virtual environments do not move, and stop working when the Python that they were made from goes away. A link to one
 * is as good as the environment itself, so that projects can share it.
 */
const facts = ({ venv, python }) => ({
  'the project folder': existsSync(venv) ? dirname(realpathSync(venv)) : undefined,
  'the Python that .venv was made from': existsSync(python) ? realpathSync(python) : undefined,
});

const answers = (place, python, code) =>
  run(place, python, ['-c', code]).then(
    () => true,
    () => false,
  );

/** Such as `3.12.4`; undefined if there is no such Python. */
export const versionOf = (place, python) =>
  run(place, python, ['-c', 'import sys; print("%d.%d.%d" % sys.version_info[:3])']).then(
    printed => /^\d+\.\d+\.\d+/m.exec(printed)?.[0], // it may print warnings beside it
    () => undefined,
  );

function isNewEnough(version) {
  const [major, minor] = version.split('.').map(Number);
  return major > 3 || (major === 3 && minor >= 10);
}

function installHint(what) {
  const apt = `sudo apt-get install ${what === 'venv' ? 'python3-venv' : 'python3 python3-venv'}`;
  const commands = {
    linux: `${apt}   (Debian, Ubuntu)\n  sudo dnf install python3   (Fedora)`,
    darwin: 'brew install python   (or https://www.python.org/downloads/)',
    win32: 'winget install Python.Python.3.12',
  };
  return `  ${commands[process.platform] ?? 'https://www.python.org/downloads/'}`;
}

/** @returns {Promise<string>} its command; rejects with a SetupError that says how to install one */
export async function findPython(place) {
  const newestFirst = [14, 13, 12, 11, 10].map(minor => `python3.${minor}`);
  const tooOld = [];
  for (const python of [process.env.SCANLINE_PYTHON, 'python3', 'python', ...newestFirst].filter(Boolean)) {
    const version = await versionOf(place, python);
    if (version && isNewEnough(version)) return withVenv(place, python);
    if (version) tooOld.push(`${python} ${version}`);
  }
  throw new SetupError(
    `Expected Python 3.10 or newer (python3 on the PATH), found ${tooOld.join(', ') || 'none'}. Install it:\n` +
      installHint('python') +
      '\nor name one: SCANLINE_PYTHON=/path/to/python3',
  );
}

async function withVenv(place, python) {
  if (!(await answers(place, python, 'import venv, ensurepip'))) {
    throw new SetupError(
      `Expected ${python} to have the modules venv and ensurepip. Install them:\n${installHint('venv')}`,
    );
  }
  return python;
}

function problems(place) {
  const { venv, python } = place;
  const found = differences(recordOf(venv), facts(place));
  if (found.length > 0) return found;
  if (!existsSync(python)) return [`no ${python}`];
  if (existsSync(halfDone(venv))) return ['packages installed by half'];
  // pip takes packages for whole that lack files, so that only a new environment helps.
  return brokenFiles(readRecord(packagesRecord(venv)), venv)
    .slice(0, 1)
    .map(file => `missing or cut short: ${file}`);
}

const versionIn = venv => /^version *= *(\S+)/m.exec(readFileSync(join(venv, 'pyvenv.cfg'), 'utf8'))?.[1];

/**
 * Its Python keeps the compiled form of what it imports even where PYTHONDONTWRITEBYTECODE is set, as in many container
 * images. Without it every start compiles everything anew, which takes about as long again.
 */
function keepBytecode(venv) {
  const [major, minor] = (versionIn(venv) ?? '').split('.');
  const library = process.platform === 'win32' ? 'Lib' : join('lib', `python${major}.${minor}`);
  const packages = join(venv, library, 'site-packages');
  mkdirSync(packages, { recursive: true });
  writeFileSync(join(packages, 'scanline.pth'), 'import sys; sys.dont_write_bytecode = False\n');
}

export default function pythonStep(place) {
  const { venv, python } = place;
  return {
    name: 'Python environment',
    needs: [],
    folder: venv,
    problems: () => problems(place),
    describe: () => `${versionIn(venv)}, from ${realpathSync(python)}`,
    check: () => findPython(place),
    async run(onLine) {
      rmSync(venv, { recursive: true, force: true }); // of a link the link alone
      await run(place, await findPython(place), ['-m', 'venv', venv], { onLine });
      keepBytecode(venv);
      writeRecord(recordOf(venv), facts(place));
    },
  };
}
