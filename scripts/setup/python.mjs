// A Python environment of the project's own, .venv: JupyterLab, TensorBoard and what runs notebooks.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, run, SetupError, stampIs, venv, venvPython, writeStamp } from './common.mjs';

const stamp = join(venv, '.scanline-packages');
const requirements = join(root, 'requirements.txt');

const fingerprint = () => createHash('sha256').update(readFileSync(requirements)).digest('hex');

const answers = (python, code) =>
  run(python, ['-c', code]).then(
    () => true,
    () => false,
  );

/** Such as `3.12.4`; undefined if there is no such Python. */
const versionOf = python =>
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

async function findPython() {
  const names = [
    process.env.SCANLINE_PYTHON,
    'python3',
    'python',
    'python3.13',
    'python3.12',
    'python3.11',
    'python3.10',
  ];
  const tooOld = [];
  for (const python of names.filter(Boolean)) {
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

/** Without a stamp the environment is new or was left half made: begin it afresh. With one, only update it. */
const needsNewVenv = async () => !existsSync(stamp) || !(await answers(venvPython, 'import pip'));

export default {
  name: 'Python packages',
  isDone: () => stampIs(stamp, fingerprint()) && existsSync(venvPython),
  async check() {
    if (await needsNewVenv()) await findPython();
  },
  async run(onLine) {
    if (await needsNewVenv()) {
      await run(await findPython(), ['-m', 'venv', '--clear', venv], { onLine });
    }
    await run(venvPython, ['-m', 'pip', 'install', '--disable-pip-version-check', '-r', requirements], {
      onLine,
    });
    writeStamp(stamp, fingerprint());
  },
};
