// pip in the Python environment. A first attempt is one call for all packages. On a bad line that may fail at any of a
// hundred, so what follows fetches them one by one, keeps each that came whole, and installs from those.
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { persist, run, SetupError } from './common.mjs';
import { usableIndexes } from './package_indexes.mjs';

/** How to call pip: that of the environment, until a newer one is needed. */
let program = ['-m', 'pip'];

/**
 * One use of pip, with a folder of its own in the environment: for its temporary files, where their size shows how far
 * it is, and for the packages that came whole. It is kept until all is done, so that a set-up that was killed can go on.
 */
class Pip {
  constructor(place, name, indexes, onLine) {
    this.place = place;
    this.folder = join(place.venv, 'pip', name);
    this.wheels = join(this.folder, 'wheels');
    this.indexes = indexes;
    this.onLine = onLine;
  }

  call(command, ...args) {
    const temporary = join(this.folder, 'temporary');
    mkdirSync(temporary, { recursive: true });
    const env = {
      PIP_DISABLE_PIP_VERSION_CHECK: '1',
      PIP_NO_INPUT: '1',
      PIP_PROGRESS_BAR: 'off',
      // From pip 25.1 on: how often to go on with a file that broke off. Older ones do not know it.
      PIP_RESUME_RETRIES: '20',
      TMPDIR: temporary,
      ...this.indexes.env,
    };
    const patience = this.indexes.patience;
    const call = [...program, command, ...patience, ...args];
    return run(this.place, this.place.python, call, { onLine: this.onLine, env });
  }

  /** Download one package without what it needs, and try again if need be. */
  fetch(specification) {
    const to = ['--no-deps', '--dest', this.wheels, '--find-links', this.wheels];
    return persist(
      async attempt => {
        mkdirSync(this.wheels, { recursive: true });
        if (attempt === 2) await takeNewerPip(this);
        return this.call('download', ...to, specification);
      },
      // Said of a package that there is none of, but also when its page did not come.
      { isFinal: (error, attempt) => isUnknown(error) && attempt === 3, pauseSeconds: 0.25 },
    );
  }

  remove() {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const isUnknown = error => /No matching distribution/.test(error.printed ?? '');

let newerPip;

/** The newest pip goes on where a file broke off. Beside the environment's own, which may be at work. */
function takeNewerPip(pip) {
  const folder = join(pip.place.venv, 'pip', 'newer');
  newerPip ??= pip.call('install', '--target', folder, '--upgrade', 'pip').then(
    () => void (program = [join(folder, 'pip')]),
    () => {}, // then with the old one
  );
  return newerPip;
}

/**
 * Install the packages of a requirements file in the versions of a constraints file.
 * @returns {Promise<string | undefined>} what the user should know about the package indexes
 */
export async function installPackages(place, requirements, constraints, onLine) {
  const indexes = await usableIndexes(place, onLine);
  const pip = new Pip(place, 'packages', indexes, onLine);
  // Python compiles what it imports when it first does, which is a fraction of what is installed.
  const what = ['--no-compile', '-r', requirements, '-c', constraints];
  try {
    await pip.call('install', ...what);
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    const specifications = [requirements, constraints].flatMap(specificationsIn);
    await fetchOneByOne(place, [...new Set(specifications)], indexes, onLine);
    await pip.call('install', ...what, '--no-index', '--find-links', pip.wheels);
  }
  pip.remove();
  return indexes.remark;
}

/** `name==version; marker` of each line that names a package. */
const specificationsIn = file =>
  readFileSync(file, 'utf8')
    .split('\n')
    .map(line => line.trim())
    .filter(line => /^\w/.test(line));

async function fetchOneByOne(place, specifications, indexes, onLine) {
  for (const [i, specification] of specifications.entries()) {
    const tell = line => onLine(`${i + 1} of ${specifications.length}, ${specification}: ${line}`);
    await new Pip(place, 'packages', indexes, tell).fetch(specification).catch(error => {
      // Some are for other systems or other Pythons. If one is missed, the installation says so.
      if (!isUnknown(error) && !/You must give at least one requirement/.test(error.printed)) throw error;
    });
  }
}

/**
 * Download the wheel of one package and hand its path to `use`.
 * @returns {Promise<boolean>} whether there is one for this Python and this machine
 */
export async function withWheel(place, name, version, onLine, use) {
  const pip = new Pip(place, name, await usableIndexes(place, onLine), onLine);
  try {
    await pip.fetch(`${name}==${version}`);
  } catch (error) {
    if (isUnknown(error)) return false;
    throw error;
  }
  const start = `${name.replaceAll('-', '_')}-${version}-`;
  const file = readdirSync(pip.wheels).find(each => each.startsWith(start));
  await use(join(pip.wheels, file));
  pip.remove();
  return true;
}
