/** The contenders in Python, in an environment of their own: bench/.venv, made from bench/requirements.txt. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pythonIn, root, runProgram, venvPython } from '../scripts/child_process';
import { pipInstall } from '../scripts/pip_install';
import type { ContenderSettings } from './contender';

const environment = join(__dirname, '.venv');
const python = pythonIn(environment);
const requirements = join(__dirname, 'requirements.txt');
const stamp = join(environment, '.scanline-packages');

/** Those that this machine has or can get; for each other one a line that says why not. */
export async function findPeers(): Promise<ContenderSettings[]> {
  if (!(await install())) {
    console.log('PyTorch and Keras are left out: their packages could not be installed, see above');
    return [];
  }
  const peers = [
    { module: 'torch', settings: pytorch('PyTorch') },
    { module: 'keras', settings: contender('Keras', 'keras_gru.py', 'default') },
    { module: 'keras', settings: contender('Keras with XLA', 'keras_gru.py', 'xla') },
  ];
  return peers
    .filter(({ module, settings }) => isThere(settings.name, module))
    .map(({ settings }) => settings);
}

/** @param pixels read at each time step. Default: a row */
export const pytorch = (name: string, pixels = 28): ContenderSettings =>
  contender(name, 'pytorch_gru.py', String(pixels));

const contender = (name: string, file: string, ...args: string[]): ContenderSettings => ({
  name,
  command: python,
  args: [join(__dirname, 'peers', file), join('data', 'mnist'), ...args],
});

function isThere(name: string, module: string): boolean {
  const { status, stderr } = spawnSync(python, ['-c', `import ${module}`], { encoding: 'utf8' });
  if (status === 0) return true;
  console.log(`${name} is left out: ${stderr.trim().split('\n').pop() ?? 'it does not load'}`);
  return false;
}

/** @returns whether the packages are there */
async function install(): Promise<boolean> {
  const wanted = readFileSync(requirements, 'utf8');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted && existsSync(python)) return true;
  console.log('Installing PyTorch and Keras into bench/.venv: some 500 MB, once');
  if ((await runProgram(venvPython, ['-m', 'venv', '--clear', environment])) !== 0) return false;
  if (!(await pipInstall(python, requirements))) return false;
  writeFileSync(stamp, wanted);
  return true;
}

/** Versions of what is compared, as far as it is installed. */
export function peerVersions(): Record<string, string> {
  if (!existsSync(python)) return {};
  const code =
    'import importlib.metadata as m, json\n' +
    "names = ['torch', 'keras', 'tensorflow-cpu', 'tensorflow']\n" +
    "print(json.dumps({d.metadata['Name']: d.version for d in m.distributions() if d.metadata['Name'] in names}))";
  const { stdout, status } = spawnSync(python, ['-c', code], { cwd: root, encoding: 'utf8' });
  return status === 0 ? (JSON.parse(stdout) as Record<string, string>) : {};
}
