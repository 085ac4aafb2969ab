/**
 * Run the committed notebooks anew, each written back with its outputs: `npm run notebooks`, or `-- 01` for some. One
 * that fails stays as it was.
 */
import { copyFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './child_process';
import { executeNotebook } from './execute_notebook';

async function main(): Promise<void> {
  const words = process.argv.slice(2);
  const names = readdirSync(join(root, 'notebooks'))
    .filter(name => name.endsWith('.ipynb'))
    .filter(name => words.length === 0 || words.some(word => name.includes(word)))
    .sort();
  for (const name of names) {
    console.log(`== ${name}`);
    const executed = join('out', name);
    await executeNotebook(join('notebooks', name), executed);
    copyFileSync(join(root, executed), join(root, 'notebooks', name));
  }
}

void main();
