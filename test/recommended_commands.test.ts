/** Every command that a message, a help, the README or a notebook tells to run exists, with the options named. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../scripts/child_process';
import { commands, scripts, shellWords } from './support/commands';

const folders = ['lib', 'scripts', 'kernel', 'bench', 'peers', 'examples', 'notebooks', '.github'];

/** Sources and texts of the project. */
const files = [
  ...['README.md', join('data', 'README.md')],
  ...folders.flatMap(folder =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter(
        path => /\.(ts|mjs|js|py|md|ipynb)$/.test(path) && !/\.venv|node_modules|checkpoints/.test(path),
      )
      .map(path => join(folder, path)),
  ),
];

interface Recommendation {
  /** `npm run train -- --cell lstm` */
  line: string;
  script: string;
  /** What follows the two dashes, as far as the quotation or the line goes. */
  args: string;
}

/** `npm start` and its like are looked for in quotation marks and program text: in prose they may be words. */
const pattern = /\bnpm (?:run ([a-z][\w:-]*\w)|(start|test))((?: -- [^`\n|]*)?)/g;

function recommendations(text: string): Recommendation[] {
  return [...text.matchAll(pattern)].map(([line, script, short, args]) => ({
    line: line.trim(),
    script: script ?? short,
    args: args.replace(/^ -- /, ''),
  }));
}

/** The options that a line names: `--cell` of `--cell lstm`. What stands in a template's braces is not known here. */
function optionsIn(args: string): string[] {
  return shellWords(args)
    .filter(word => /^--[a-z]/.test(word))
    .map(word => word.replace(/[^a-z0-9-].*$/s, ''));
}

/** Of the cell that lib/rnn/README.md shows how to write. */
const imagined = ['--leak'];

const textOf = (path: string) => {
  const text = readFileSync(join(root, path), 'utf8');
  if (!path.endsWith('.ipynb')) return text;
  const { cells } = JSON.parse(text) as { cells: { source: string | string[] }[] };
  return cells.map(({ source }) => [source].flat().join('')).join('\n');
};

test('commands exist, and their options too', () => {
  let count = 0;
  for (const path of files) {
    for (const { line, script, args } of recommendations(textOf(path))) {
      count++;
      assert.ok(Object.hasOwn(scripts, script), `${path}: ${line}`);
      const known = commands[script]?.options.map(option => option.long) ?? [];
      for (const option of optionsIn(args)) {
        assert.ok([...known, ...imagined, '--help'].includes(option), `${path}: ${line}: ${option}`);
      }
    }
  }
  assert.ok(count > 60, `only ${count} were found`);
});

test('in a help, too, each line that can be typed is accepted by its own command', () => {
  for (const [name, command] of Object.entries(commands)) {
    // Plain words need no dashes: there the pattern ends before the arguments.
    const needsWords = command.registeredArguments.some(({ required }) => required);
    const lines = recommendations(command.helpInformation()).filter(
      ({ line, args }) => !line.includes('[') && !(needsWords && args === ''),
    );
    assert.ok(lines.length > 0, name);
    for (const { script, args } of lines) {
      assert.equal(script, name);
      assert.doesNotThrow(() => commands[script].parse(shellWords(args), { from: 'user' }), args);
    }
  }
});

test('what is found in a text', () => {
  const text = 'run `npm run train -- --cell lstm --resume <folder>`, or npm test; `npm run test:node -- 22`';
  assert.deepEqual(
    recommendations(text).map(({ script, args }) => [script, optionsIn(args)]),
    [
      ['train', ['--cell', '--resume']],
      ['test', []],
      ['test:node', []],
    ],
  );
});
