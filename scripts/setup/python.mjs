// A Python environment of the project's own, .venv: JupyterLab, TensorBoard and what runs notebooks.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { firstThat, root, run, SetupError, stampIs, venv, venvPython, writeStamp } from './common.mjs';

const stamp = join(venv, '.scanline-packages');
const requirements = join(root, 'requirements.txt');

const fingerprint = () => createHash('sha256').update(readFileSync(requirements)).digest('hex');

const answers = (python, code) =>
  run(python, ['-c', code]).then(
    () => true,
    () => false,
  );
const isNewEnough = python => answers(python, 'import sys; sys.exit(sys.version_info < (3, 10))');

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
  const python = await firstThat(names, isNewEnough);
  if (!python) {
    throw new SetupError(
      'Expected Python 3.10 or newer (python3 on the PATH), found none. Install it:\n' +
        installHint('python') +
        '\nor name one: SCANLINE_PYTHON=/path/to/python3',
    );
  }
  if (!(await answers(python, 'import venv, ensurepip'))) {
    throw new SetupError(
      `Expected ${python} to have the modules venv and ensurepip. Install them:\n${installHint('venv')}`,
    );
  }
  return python;
}

export default {
  name: 'Python packages',
  isDone: () => stampIs(stamp, fingerprint()) && existsSync(venvPython),
  async run(onLine) {
    // Without a stamp the environment is new or was left half made: begin it afresh. With one, only update it.
    if (!existsSync(stamp) || !(await answers(venvPython, 'import pip'))) {
      await run(await findPython(), ['-m', 'venv', '--clear', venv], { onLine });
    }
    await run(venvPython, ['-m', 'pip', 'install', '--disable-pip-version-check', '-r', requirements], {
      onLine,
    });
    writeStamp(stamp, fingerprint());
  },
};
