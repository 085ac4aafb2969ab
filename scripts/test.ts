/**
 * Run the tests: `npm test` for all of them, `npm test -- data rnn/gru` for those whose path holds one of the words.
 * Each file runs in a process of its own, and as many files run side by side as there are processors and memory for them.
 */
import { existsSync, readdirSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { UserError } from '../lib/base/errors';
import { root } from './child_process';
import { NpmCommand, start } from './npm_command';
import { numberOption, textOption } from './options';
import { Display } from './test/display';
import { slowestFirst } from './test/order';
import { TestFile } from './test/test_file';

/** Bytes that a file may take: a browser, JupyterLab and a kernel with TensorFlow. */
const memoryOfFile = 1.5 * 2 ** 30;
/** No more than there are processors: with one more, TensorFlow's waiting threads took more time than was won. */
const defaultJobs = Math.max(1, Math.min(availableParallelism(), Math.floor(totalmem() / memoryOfFile)));

interface Options {
  folder: string;
  jobs: number;
  limit: number;
}

async function main(words: string[], { folder, jobs, limit }: Options): Promise<void> {
  const waiting = findFiles(resolve(root, folder), words);
  const display = new Display(waiting.length);
  const running = new Set<TestFile>();
  let stopped = false;
  const stop = () => {
    stopped = true;
    for (const file of running) file.end();
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);

  const runOneAfterTheOther = async () => {
    for (let name = waiting.shift(); name !== undefined && !stopped; name = waiting.shift()) {
      const file = new TestFile(join(folder, name), limit);
      running.add(file);
      display.started(file.file);
      const result = await file.result();
      running.delete(file);
      if (!stopped) display.ended(result);
    }
  };
  await Promise.all(Array.from({ length: jobs }, runOneAfterTheOther));
  process.off('SIGINT', stop).off('SIGTERM', stop);

  const { passed, failed } = display.end();
  if (stopped) process.exitCode = 130;
  else if (failed > 0 || passed === 0) process.exitCode = 1;
}

/** Those whose path below the folder holds one of the words, or all. */
function findFiles(folder: string, words: readonly string[]): string[] {
  if (!existsSync(folder)) throw new UserError(`Expected a folder of tests, found nothing at ${folder}`);
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map(path => path.replaceAll('\\', '/'))
    .filter(path => path.endsWith('.test.ts'))
    .filter(path => words.length === 0 || words.some(word => path.includes(word)));
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
    numberOption('--jobs <number>', 'files side by side', {
      ...{ minimum: 1, maximum: 1024, unit: 'files', default: defaultJobs },
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
