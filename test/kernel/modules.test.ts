import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limit, useKernel } from './kernel_test';

const fixture = useKernel({
  'notebooks/late.mjs': 'export const late = await Promise.resolve(7);\nexport default "late";',
  'notebooks/plain.cjs': 'module.exports = { four: 4 };',
  'notebooks/numbers.json': '{ "list": [1, 2, 3], "nested": { "yes": true } }',
  'lib/slow.ts':
    'import { late } from "../notebooks/late.mjs";\nexport const slow = (await Promise.resolve(late)) + 1;',
  'lib/uses_slow.ts':
    'import { slow } from "./slow";\nexport const sum = slow + 1;\nexport const again = async () => (await import("../notebooks/late.mjs")).late;',
  'lib/failing.ts': 'await null;\nthrow new RangeError("while loading");',
  'lib/index.ts': `export * from './shapes';`,
  'lib/shapes.ts': `export const sides = 4;\nexport interface Shape { sides: number }`,
});

/** Run cells one after the other; the last one prints this. */
async function prints(cells: string[], expected: string): Promise<void> {
  let stdout = '';
  for (const cell of cells) {
    const execution = await fixture.kernel.execute(cell);
    assert.equal(execution.reply.status, 'ok', `${cell}\n${execution.traceback}`);
    ({ stdout } = execution);
  }
  assert.equal(stdout.trim(), expected);
}

/** Packages beside the notebooks: parts that stand in `exports`, for everybody or for `import` only. */
function installPackages(): void {
  const write = (path: string, text: string) => fixture.project.write(`notebooks/node_modules/${path}`, text);
  const types = 'export declare const twice: (x: number) => number;';
  const code = 'export const twice = x => 2 * x;';
  const exported = (conditions: object) =>
    JSON.stringify({ name: 'x', version: '1.0.0', type: 'module', exports: { './sub': conditions } });
  for (const [name, condition] of [
    ['parts', 'default'],
    ['only-import', 'import'],
  ]) {
    write(`${name}/package.json`, exported({ types: './dist/sub.d.ts', [condition]: './dist/sub.js' }));
    write(`${name}/dist/sub.d.ts`, types);
    write(`${name}/dist/sub.js`, code);
  }
}

test('a module that awaits can be imported in both ways', limit, async () => {
  await prints([`const module = await import('./late.mjs');`, 'module.late'], '7');
  await prints([`import word, { late } from './late.mjs';`, 'word + late'], 'late7');
  await prints([`import * as all from './late.mjs';\nall.late`], '7');
});

test("so can the project's own modules that await, and those that import them", limit, async () => {
  await prints([`import { sum, again } from '../lib/uses_slow';`, 'sum + (await again())'], '16');
  await prints([`import { slow } from '../lib/slow';\nslow`], '8');
  for (const wanted of ['first', 'second']) {
    const { traceback } = await fixture.kernel.execute(`import '../lib/failing'; // ${wanted}`);
    assert.match(traceback, /RangeError: while loading\n +at lib\/failing.ts:2:7/);
  }
});

test('CommonJS too', limit, async () => {
  await prints([`import plain, { four } from './plain.cjs';`, 'plain.four + four'], '8');
  await prints([`const required = require('./plain.cjs');\nrequired.four`], '4');
  await prints([`import path = require('node:path');`, 'path.sep'], '/');
});

test('JSON has its types', limit, async () => {
  await prints(
    [`import numbers from './numbers.json';`, 'numbers.list.length + Number(numbers.nested.yes)'],
    '4',
  );
  await prints([`import more from './numbers.json' with { type: 'json' };\nmore.list[2]`], '3');
  const { reply } = await fixture.kernel.execute('const wrong: string = numbers.list;');
  assert.match(String(reply.evalue), /'number\[\]' is not assignable to type 'string'/);
});

test("parts of a package are found by its 'exports'", limit, async () => {
  installPackages();
  await prints([`import { twice } from 'parts/sub';\ntwice(4)`], '8');
  await prints([`import { twice as double } from 'only-import/sub';\ndouble(5)`], '10');
});

test('names may begin with two underscores', limit, async () => {
  await prints(
    ['function __twice(x: number) { return 2 * x; }\nclass __C { static n = 3; }', '__twice(__C.n)'],
    '6',
  );
  await prints(['let ___three = 3;', '++___three'], '4');
});

test('__dirname, __filename and import.meta are those of the notebook', limit, async () => {
  await prints(['__dirname === process.cwd()'], 'true');
  await prints([`__filename.startsWith(__dirname) && __filename.endsWith('.ipynb')`], 'true');
  await prints(['import.meta.dirname === __dirname && import.meta.url.startsWith("file:")'], 'true');
  await prints(['const __dirname = "own";', '__dirname'], 'own');
});

test('a file of a library can be pasted, exports and all', limit, async () => {
  await prints(
    [
      `import type { Shape } from '../lib';
       export * from '../lib';
       export { sep as separator } from 'node:path';
       export interface Named extends Shape { readonly name: string }
       export enum Kind { A = 1, B }
       export const kinds = [Kind.A, Kind.B], [first] = kinds;
       export abstract class Base { abstract size(): number; }
       export class Box extends Base { size() { return kinds.length; } }
       export async function* count() { yield* kinds; }
       export default function main(): Named { return { name: 'main', sides: 4 }; }
       const hidden = 5;
       export { hidden as shown, Box as Case };
       export type { Shape as Form };`,
      `const form: Form = { sides };
       const all: number[] = [];
       for await (const n of count()) all.push(n);
       [form.sides, separator, Kind.B, first, new Box().size(), new Case().size(), main().name, shown, hidden, all].join()`,
    ],
    '4,/,2,1,2,2,main,5,5,1,2',
  );
});

test('the newest syntax is understood', limit, async () => {
  await prints(
    [
      `const closed: string[] = [];
       { using file = { [Symbol.dispose]: () => void closed.push('file') }; void file; }
       const sorted = [3, 1, 2].toSorted() satisfies number[];
       function first<const T extends readonly unknown[]>(list: T): T[0] { return list[0]; }
       const one: 1 = first([1, 2]);`,
      'closed.join() + sorted.join() + one',
    ],
    'file1,2,31',
  );
});

test('a cell for the browser runs in the page', limit, async () => {
  const { messages, reply, stdout } = await fixture.kernel.execute(
    `/** @browser */\nconst title: string = '</script>';\ndocument.title = title;`,
  );
  assert.equal(reply.status, 'ok');
  assert.equal(stdout, '');
  const shown = messages.filter(({ msg_type }) => msg_type === 'display_data');
  assert.equal(shown.length, 1);
  const html = (shown[0].content.data as Record<string, string>)['text/html'];
  assert.match(html, /^<script type="module">[^]*const title = '<\\\/script>';[^]*<\/script>$/);
  const wrong = await fixture.kernel.execute(`/** @browser */\ndocument.title = ;`);
  assert.match(String(wrong.reply.evalue), /^<cell \d+>:2:18 - error TS1109/);
  const types = await fixture.kernel.execute(`/** @browser */\ndocument.title = 5;`);
  assert.match(String(types.reply.evalue), /'number' is not assignable to type 'string'/);
});
