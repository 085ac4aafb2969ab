/**
 * Run the tests: `npm test` for all of them, `npm test -- data rnn/gru` for those whose path holds one of the words.
 * Each file runs in a process of its own, on Node's test runner.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '..');
const words = process.argv.slice(2);

const files = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
  .filter(file => file.endsWith('.test.ts'))
  .filter(file => words.length === 0 || words.some(word => file.includes(word)))
  .sort()
  .map(file => join('test', file));

if (files.length === 0) {
  console.error(
    `Expected words that occur in the path of a test file, found ${words.join(', ')}: see the folder test/`,
  );
  process.exit(1);
}
const args = ['--require', 'ts-node/register', '--test', '--test-reporter=spec', ...files];
const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
process.exit(status ?? 1);
