/**
 * Run the tests: `npm test` for all of them, `npm test -- data rnn/gru` for those whose path holds one of the words.
 * Each file runs in a process of its own, small ones in one with the others of their folder (test/groups.ts). As many
 * processes run side by side as there are processors and memory for them, and one more for files that mostly wait
 * (test/order.ts).
 */
import { existsSync, readdirSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { UserError } from '../lib/base/errors';
import { root } from './child_process';
import { NpmCommand, start } from './npm_command';
import { numberOption, textOption } from './options';
import { Display } from './test/display';
import type { FileResult } from './test/file_tally';
import { groupsOf } from './test/groups';
import { mostlyWaits, slowestFirst } from './test/order';
import { TestProcess } from './test/test_process';

/** Bytes that a file may take: a browser, JupyterLab and a kernel with TensorFlow. */
const memoryOfFile = 1.5 * 2 ** 30;
/** No more than there are processors: with one more, TensorFlow's waiting threads took more time than was won. */
const defaultJobs = Math.max(1, Math.min(availableParallelism(), Math.floor(totalmem() / memoryOfFile) - 1));

interface Options {
  folder: string;
  jobs: number;
  limit: number;
}

async function main(words: string[], { folder, jobs, limit }: Options): Promise<void> {
  const files = findFiles(resolve(root, folder), words);
  const queue = groupsOf(files);
  const display = new Display(files.length);
  const running = new Set<TestProcess>();
  let stopped = false;
  const stop = () => {
    stopped = true;
    for (const process of running) process.stop();
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);

  const listener = {
    started: (file: string) => display.started(file),
    ended: (result: FileResult) => {
      if (!stopped) display.ended(result);
    },
  };
  /** Takes the first group whose files mostly wait, or do not; undefined if there is none. */
  const take = (waits: boolean): string[] | undefined => {
    const place = queue.findIndex(([first]) => mostlyWaits(first) === waits);
    return place < 0 ? undefined : queue.splice(place, 1)[0];
  };
  const takeWaiting = () => take(true);
  const takeAny = () => take(false) ?? take(true);
  const runOneAfterTheOther = async (next: () => string[] | undefined) => {
    for (let group = next(); group !== undefined && !stopped; group = next()) {
      const paths = group.map(name => join(folder, name));
      const process = new TestProcess(paths, limit, listener);
      running.add(process);
      const missed = await process.end();
      running.delete(process);
      queue.unshift(...missed.map(path => [relative(folder, path)]));
    }
  };
  const others = Array.from({ length: jobs }, () => takeAny);
  await Promise.all((jobs > 1 ? [takeWaiting, ...others] : others).map(runOneAfterTheOther));
  process.off('SIGINT', stop).off('SIGTERM', stop);

  const { passed, failed } = display.end();
  if (stopped) process.exitCode = 130;
  else if (failed > 0 || passed === 0) process.exitCode = 1;
}

/** Those whose path, from the project's folder on, holds one of the words; all if there are none. */
function findFiles(folder: string, words: readonly string[]): string[] {
  const fromRoot = (path: string) => relative(root, join(folder, path)).replaceAll('\\', '/');
  if (!existsSync(folder)) throw new UserError(`Expected a folder of tests, found nothing at ${folder}`);
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map(path => path.replaceAll('\\', '/'))
    .filter(path => path.endsWith('.test.ts'))
    .filter(path => words.length === 0 || words.some(word => fromRoot(path).includes(word)));
  if (files.length === 0) {
    const expected = words.length === 0 ? 'test files' : 'words that occur in the path of a test file';
    console.error(`Expected ${expected}, found ${words.join(', ') || 'none'}: see the folder ${folder}`);
  }
  return slowestFirst(files);
}

export const command = new NpmCommand(
  'npm test',
  'Run the tests, or those whose path holds one of the words.',
  ['', 'data rnn/gru', '--jobs 1 compile'],
)
  .usage('-- [options] [words...]')
  .argument('[words...]', 'such as data or rnn/gru')
  .addOption(
    numberOption('--jobs <number>', 'processes side by side; from 2 on, one more that mostly waits', {
      ...{ minimum: 1, maximum: 1024, unit: 'processes', default: defaultJobs },
    }),
  )
  .addOption(
    numberOption('--limit <seconds>', 'after which a file is ended and counts as failed', {
      ...{ minimum: 0.1, maximum: 1e5, integer: false, unit: 'seconds', default: 900 },
    }),
  )
  .addOption(textOption('--folder <folder>', 'where the test files are', 'test'))
  .action(main);

if (require.main === module) void start(command);
