/**
 * Run the committed notebooks anew, each written back with its outputs: `npm run notebooks`, or `-- 01` for some. One
 * that fails stays as it was.
 */
import { copyFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { didYouMean } from '../lib/base/did_you_mean';
import { UserError } from '../lib/base/errors';
import { root } from './child_process';
import { executeNotebook } from './execute_notebook';
import { NpmCommand, start } from './npm_command';

const notebooks = readdirSync(join(root, 'notebooks'))
  .filter(name => name.endsWith('.ipynb'))
  .sort();

async function main(words: string[]): Promise<void> {
  const unknown = words.find(word => !notebooks.some(name => name.includes(word)));
  if (unknown !== undefined) {
    const suggestion = didYouMean(unknown, notebooks);
    throw new UserError(
      `Expected part of the name of ${notebooks.join(', ')}, found ${unknown}${suggestion}`,
    );
  }
  const names = notebooks.filter(name => words.length === 0 || words.some(word => name.includes(word)));
  for (const name of names) {
    console.log(`== ${name}`);
    const executed = join('out', name);
    await executeNotebook(join('notebooks', name), executed);
    copyFileSync(join(root, executed), join(root, 'notebooks', name));
  }
}

export const command = new NpmCommand(
  'npm run notebooks',
  'Run the committed notebooks anew, each written back with its outputs.',
  ['', '01'],
)
  .usage('-- [options] [words...]')
  .argument('[words...]', 'only those whose names hold one of the words [all]')
  .action(main);

if (require.main === module) void start(command);
