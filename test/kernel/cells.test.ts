import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limit, useKernel } from './kernel_test';

const fixture = useKernel({
  'lib/index.ts': `export * from './shapes';`,
  'lib/shapes.ts': `
    export interface Sides { readonly sides: number }
    export class Shape implements Sides { constructor(readonly sides: number) {} }
    export const square = (): Sides => new Shape(4);
    export const pair = () => ({ first: new Shape(3), second: square() });`,
  'lib/secret.ts': `interface Secret { readonly key: string }\nexport const secret = (): Secret => ({ key: 'k' });`,
  'lib/wrong.ts': `export const count: number = 'four';`,
});

/** Run cells and expect the last one to print this. */
async function prints(cells: string[], expected: string): Promise<void> {
  let stdout = '';
  for (const cell of cells) {
    const execution = await fixture.kernel.execute(cell);
    assert.equal(execution.reply.status, 'ok', execution.traceback);
    assert.equal(execution.stderr, '');
    ({ stdout } = execution);
  }
  assert.equal(stdout, expected);
}

async function fails(cell: string, expected: RegExp): Promise<void> {
  const { reply } = await fixture.kernel.execute(cell);
  assert.equal(reply.status, 'error');
  assert.match(String(reply.evalue), expected);
}

test('a folder above the notebook can be imported', limit, async () => {
  await prints([`import { square } from '../lib';`, 'square().sides'], '4\n');
});

test('so can its index and its files, and they are the same module', limit, async () => {
  await prints(
    [
      `import { Shape } from '../lib/index';`,
      `import { Shape as SameShape } from '../lib/shapes';`,
      'Shape === SameShape',
    ],
    'true\n',
  );
});

test('types that a cell does not import are known all the same', limit, async () => {
  await prints([`import { pair } from '../lib';`, 'const shapes = pair();', 'shapes.second.sides'], '4\n');
  await fails('const text: string = shapes.second.sides', /number.* not assignable to type 'string'/);
});

test('a type error in an imported file is reported', limit, async () => {
  await fails(`import { count } from '../lib/wrong';`, /^lib\/wrong\.ts:1:14 - error TS2322/);
});

test('so are types that a file keeps to itself', limit, async () => {
  await prints([`import { secret } from '../lib/secret';\nconst found = secret();`, 'found.key'], 'k\n');
});

test('cells are checked strictly', limit, async () => {
  await fails('const identity = x => x;', /implicitly has an 'any' type/);
  await fails('const missing: string = null;', /not assignable to type 'string'/);
});

test('es2023 is known', limit, async () => {
  await prints(['[1, 2, 3].findLast(x => x < 3)'], '2\n');
});

test('packages are imported with their types', limit, async () => {
  await prints(
    [
      `import { z } from 'zod';\nconst schema = z.object({ units: z.number() });`,
      'type Settings = z.infer<typeof schema>;\nconst settings: Settings = schema.parse({ units: 3 });',
      'settings.units',
    ],
    '3\n',
  );
  await fails(`const wrong: Settings = { units: 'three' };`, /string.* not assignable to type 'number'/);
});

test('a module that was missing can be imported once it is there', limit, async () => {
  await fails(`import { late } from '../lib/late';`, /Cannot find module/);
  fixture.project.write('lib/late.ts', 'export const late = 7;');
  await prints([`import { late } from '../lib/late';`, 'late'], '7\n');
});

test('so can one that a module lacked', limit, async () => {
  const cell = `import { later } from '../lib/waits';`;
  fixture.project.write('lib/waits.ts', `export { later } from './later';`);
  await fails(cell, /^lib\/waits\.ts:1:23 - .*Cannot find module/);
  fixture.project.write('lib/later.ts', 'export const later = 8;');
  await prints([cell, 'later'], '8\n');
});

test('await is understood in every form', limit, async () => {
  await prints(['await (Promise.resolve(1))'], '1\n');
  await prints(['await [1, 2]'], '[ 1, 2 ]\n');
  await prints(['for await (const x of [Promise.resolve(3)]) console.log(x)'], '3\n');
  await prints(['`${await 4}`'], '4\n');
  await prints(['const five = await Promise.resolve(5);', 'five'], '5\n');
  await prints(['if (await true) {\n  await null;\n  console.log(6);\n}'], '6\n');
  await prints([`const { sep } = await import('node:path');`, 'sep'], '/\n');
});

test('what an earlier cell declared can be written in short as a property', limit, async () => {
  const declare = 'const rate = 0.5;\nlet size = 3, depth = 0;';
  await prints(
    [declare, 'const settings = { rate, size };', 'JSON.stringify({ settings, rate })'],
    `{"settings":{"rate":0.5,"size":3},"rate":0.5}\n`,
  );
  await prints(
    ['({ size, depth = size + 1 } = { size: 7, depth: undefined as number | undefined });', 'size + depth'],
    '15\n',
  );
});

test('tslab itself can be imported', limit, async () => {
  const { messages } = await fixture.kernel.execute(
    `import { display, newDisplay } from 'tslab';\ndisplay.html('<b>1</b>');\ndisplay.png(new Uint8Array([1]));\n` +
      `const place = newDisplay();\nplace.text('old');\nplace.text('new');`,
  );
  const shown = messages.filter(({ msg_type }) => /display_data/.test(msg_type));
  assert.deepEqual(
    shown.map(({ content }) => content.data),
    [{ 'text/html': '<b>1</b>' }, { 'image/png': 'AQ==' }, { 'text/plain': 'old' }, { 'text/plain': 'new' }],
  );
  assert.equal(shown[3].msg_type, 'update_display_data');
  assert.deepEqual(shown[3].content.transient, shown[2].content.transient);
});

test('a cell can be a module', limit, async () => {
  await prints(
    ['/** @module answers */\nexport const answer = 42;', `import { answer } from './answers';`, 'answer'],
    '42\n',
  );
});

test(
  'a promise shows its value and not how the kernel follows it, and the cell says that await is missing',
  limit,
  async () => {
    const shown = await fixture.kernel.execute('Promise.resolve(3)');
    assert.equal(shown.stdout, 'Promise { 3 }\n');
    assert.match(shown.stderr, /await/);
    const timer = await fixture.kernel.execute(`import { inspect } from 'node:util';
    const timer = setTimeout(() => {}, 1);
    inspect(timer).includes('kResourceStore')`);
    assert.equal(timer.stdout, 'false\n');
    assert.equal((await fixture.kernel.execute('await Promise.resolve(4)')).stdout, '4\n');
  },
);
