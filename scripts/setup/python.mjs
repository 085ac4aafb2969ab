// A Python of the project's own, .venv, made from the first one on this computer that is new enough.
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { root, run, SetupError, venv, venvPython } from './common.mjs';
import { brokenFiles, differences, readRecord, writeRecord } from './record.mjs';

const record = join(venv, '.scanline-python.json');
export const packagesRecord = join(venv, '.scanline-packages.json');
/** Stands while pip is at work: what it leaves when it is killed is not to be built upon. */
export const halfDone = join(venv, '.scanline-half-done');

/** Virtual environments do not move, and stop working when the Python that they were made from goes away. */
const facts = () => ({
  'the project folder': root,
  'the Python that .venv was made from': existsSync(venvPython) ? realpathSync(venvPython) : undefined,
});

const answers = (python, code) =>
  run(python, ['-c', code]).then(
    () => true,
    () => false,
  );

/** Such as `3.12.4`; undefined if there is no such Python. */
export const versionOf = python =>
  run(python, ['-c', 'import sys; print("%d.%d.%d" % sys.version_info[:3])']).then(
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
export async function findPython() {
  const newestFirst = [14, 13, 12, 11, 10].map(minor => `python3.${minor}`);
  const tooOld = [];
  for (const python of [process.env.SCANLINE_PYTHON, 'python3', 'python', ...newestFirst].filter(Boolean)) {
    const version = await versionOf(python);
    if (version && isNewEnough(version)) return withVenv(python);
    if (version) tooOld.push(`${python} ${version}`);
  }
  throw new SetupError(
    `Expected Python 3.10 or newer (python3 on the PATH), found ${tooOld.join(', ') || 'none'}. Install it:\n` +
      installHint('python') +
      '\nor name one: SCANLINE_PYTHON=/path/to/python3',
  );
}

async function withVenv(python) {
  if (!(await answers(python, 'import venv, ensurepip'))) {
    throw new SetupError(
      `Expected ${python} to have the modules venv and ensurepip. Install them:\n${installHint('venv')}`,
    );
  }
  return python;
}

function problems() {
  const found = differences(record, facts());
  if (found.length > 0) return found;
  if (!existsSync(venvPython)) return [`no ${venvPython}`];
  if (existsSync(halfDone)) return ['packages installed by half'];
  // pip takes packages for whole that lack files, so that only a new environment helps.
  return brokenFiles(readRecord(packagesRecord), venv)
    .slice(0, 1)
    .map(file => `missing or cut short: ${file}`);
}

export default {
  name: 'Python environment',
  needs: [],
  folder: venv,
  problems,
  describe: () => {
    const version = /^version *= *(\S+)/m.exec(readFileSync(join(venv, 'pyvenv.cfg'), 'utf8'))?.[1];
    return `${version}, from ${realpathSync(venvPython)}`;
  },
  check: findPython,
  async run(onLine) {
    await run(await findPython(), ['-m', 'venv', '--clear', venv], { onLine });
    writeRecord(record, facts());
  },
};
