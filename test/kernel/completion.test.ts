import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limit, useKernel } from './kernel_test';

const fixture = useKernel({
  'lib/index.ts': `
export * from './cells';
export { helper as sharedHelper, type Shape } from './helpers';
export * as tools from './helpers';`,
  'lib/cells.ts': `
export class FancyCell {}
export const fancyDefaults = { units: 3 };
export function fancyTrain(cell: FancyCell) { return cell; }
const fancySecret = 1;`,
  'lib/helpers/index.ts': `export function helper() {}\nexport interface Shape { width: number }`,
  'lib/helpers/round.ts': `export const round = Math.round;`,
  'notebooks/own.ts': `export const own = 1;`,
  'notebooks/.ipynb_checkpoints/old.ts': `export const old = 1;`,
});

interface Match {
  start: number;
  end: number;
  text: string;
  type: string;
  signature: string;
}

/** Ask with the cursor at \`|\`. */
async function complete(marked: string) {
  const cursor_pos = Array.from(marked).indexOf('|');
  const { content } = await fixture.kernel.request('complete_request', {
    code: marked.replace('|', ''),
    cursor_pos,
  });
  const { _jupyter_types_experimental: types } = content.metadata as Record<string, Match[]>;
  const matches = content.matches as string[];
  assert.deepEqual(
    types.map(({ text }) => text),
    matches,
  );
  for (const { start, end } of types) {
    assert.deepEqual([start, end], [content.cursor_start, content.cursor_end]);
  }
  /** The code with the first match in the place of what it replaces. */
  const inserted =
    matches.length > 0 &&
    marked.replace('|', '').slice(0, Number(content.cursor_start)) +
      matches[0] +
      marked.replace('|', '').slice(Number(content.cursor_end));
  return { matches, types, inserted };
}

test('completion of paths: files and folders beside the notebook', limit, async () => {
  assert.deepEqual((await complete(`import { own } from './o|'`)).matches, ['own']);
  assert.deepEqual((await complete(`import { own } from './|'`)).matches, ['own']);
  assert.deepEqual((await complete(`import x from './.i|'`)).matches, ['.ipynb_checkpoints']);
  assert.deepEqual((await complete(`import x from '../li|'`)).inserted, `import x from '../lib'`);
  assert.deepEqual((await complete(`import x from '../lib/|'`)).matches.sort(), [
    'cells',
    'helpers',
    'index',
  ]);
  const { types, inserted } = await complete(`await import('../lib/helpers/ro|')`);
  assert.equal(inserted, `await import('../lib/helpers/round')`);
  assert.deepEqual(types[0].type, 'module');
  assert.equal((await complete(`require('../lib/he|')`)).types[0].type, 'folder');
  assert.equal((await complete(`require("../lib/ce|`)).inserted, `require("../lib/cells`);
});

test('completion of paths: packages, what they export, and Node itself', limit, async () => {
  assert.ok((await complete(`import { z } from 'zo|'`)).matches.includes('zod'));
  assert.ok((await complete(`import { z } from 'zod/v|'`)).matches.includes('v4'));
  const scoped = await complete(`import * as tf from '@tensorflow/tfjs-n|'`);
  assert.equal(scoped.inserted, `import * as tf from '@tensorflow/tfjs-node'`);
  assert.ok((await complete(`import fs from 'f|'`)).matches.includes('fs'));
  assert.ok((await complete(`const fs = require('node:f|')`)).matches.includes('node:fs'));
  assert.equal((await complete(`import('node:fs/p|')`)).inserted, `import('node:fs/promises')`);
});

test('completion of values that are texts', limit, async () => {
  await fixture.kernel.execute(`type Order = 'by-error' | 'by-date';`);
  assert.equal((await complete(`const order: Order = 'by-d|'`)).inserted, `const order: Order = 'by-date'`);
});

test('names that are not imported yet are completed, and missed by name', limit, async () => {
  const { types } = await complete('const cell = new FancyC|');
  assert.deepEqual(types, [
    { start: 17, end: 23, text: 'FancyCell', type: 'class', signature: `from '../lib'` },
  ]);
  const names = async (marked: string) => (await complete(marked)).matches;
  assert.deepEqual((await names('f(fancy|)')).slice(0, 2).sort(), ['fancyDefaults', 'fancyTrain']);
  assert.deepEqual(await names('let cell: FancyC|'), ['FancyCell']);
  assert.deepEqual(await names('const f = () => sharedH|'), ['sharedHelper']);
  assert.ok(!(await names('fancyS|')).includes('fancySecret'));
  assert.deepEqual(await names('Math.fancyT|'), []);
  assert.deepEqual(await names('const fancyT|'), []);

  const { reply } = await fixture.kernel.execute('new FancyCell()');
  assert.match(
    String(reply.evalue),
    /Cannot find name 'FancyCell': it has to be imported: import \{ FancyCell \} from '\.\.\/lib';/,
  );
  const misspelt = await fixture.kernel.execute('new FancyCel()');
  assert.match(String(misspelt.reply.evalue), /Cannot find name 'FancyCel'\.$/);
});

test('what a cell has imported is completed as what it is', limit, async () => {
  await fixture.kernel.execute(`import { FancyCell, fancyTrain, fancyDefaults, tools } from '../lib';`);
  const typeOf = async (name: string) => {
    const { types } = await complete(`${name}|`);
    const { type, signature } = types.find(({ text }) => text === name) as Match;
    assert.equal(signature, '');
    return type;
  };
  assert.equal(await typeOf('FancyCell'), 'class');
  assert.equal(await typeOf('fancyTrain'), 'function');
  assert.equal(await typeOf('fancyDefaults'), 'var');
  assert.equal(await typeOf('tools'), 'module');
  assert.equal(await typeOf('const'), 'keyword');
  assert.equal((await complete('fancyDefaults.un|')).types[0].type, 'property');
});

test('completion follows a change of the library', limit, async () => {
  fixture.project.write('lib/cells.ts', 'export class PlainCell {}\nexport class FancyCell {}');
  assert.deepEqual((await complete('new PlainC|')).matches, ['PlainCell']);
});
