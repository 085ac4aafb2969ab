/** Which test files share a process. */
import { dirname } from 'node:path';
import { isSlow } from './order';

/**
 * Folders of small tests of the library alone: most of what such a file takes by itself is the start of Node and TensorFlow.
 * They must leave nothing changed behind: mocks, the working folder, the environment, listeners of the process, nor count
 * tensors that they have not made. Everything else is about processes of its own.
 */
const shared = [
  'base',
  'charts',
  'compile',
  'data',
  'display',
  'examples',
  'model',
  'optimizers',
  'rnn',
  'runs',
  'search',
  'tfjs',
  'training',
  'views',
];

/**
 * Files that share a kernel or JupyterLab, for its start takes longer than their tests (test/kernel/kernel_test.ts,
 * test/training/training_kernel.ts, test/notebooks/shared_lab.ts). They find the names, modules and settings of those
 * before them, and must not mind.
 */
const sharedServers = [
  ['comms', 'editor', 'history', 'input', 'last_value', 'protocol', 'queue', 'streams'].map(
    name => `kernel/${name}`,
  ),
  ['child_output', 'errors', 'failed_cells', 'help', 'variables'].map(name => `kernel/${name}`),
  ['cells', 'modules', 'reload'].map(name => `kernel/${name}`),
  [
    'training/controls',
    'training/last_value',
    'training/notebook',
    'kernel/setting_help',
    'kernel/train_step',
  ],
  ['notebooks/hostile_text', 'notebooks/live'],
];

/** @param files in order, below the folder of the tests; those that are slow (order.ts) remain alone, and first */
export function groupsOf(files: readonly string[]): string[][] {
  const groups = new Map<string, string[]>();
  for (const file of files) {
    const folder = dirname(file);
    const server = sharedServers.find(users => users.includes(file.replace(/\.test\.ts$/, '')));
    const key = server?.join() ?? (shared.includes(folder) && !isSlow(file) ? folder : file);
    groups.set(key, [...(groups.get(key) ?? []), file]);
  }
  const rank = ([first, ...others]: string[]) => (isSlow(first) ? Infinity : others.length);
  return [...groups.values()].sort((a, b) => (rank(a) === rank(b) ? 0 : rank(b) - rank(a)));
}
