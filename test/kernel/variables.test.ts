import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limit, useKernel } from './kernel_test';

const fixture = useKernel({
  'lib/counter.ts': `export let count = 0;\nexport function increment(): void { count++; }\nexport default 'counter';`,
});

/** Run cells one after the other; the last one prints this. */
async function prints(cells: string[], expected: string): Promise<void> {
  let stdout = '';
  for (const cell of cells) {
    const execution = await fixture.kernel.execute(cell);
    assert.equal(execution.reply.status, 'ok', `${cell}\n${execution.traceback}`);
    ({ stdout } = execution);
  }
  assert.equal(stdout.trim(), expected, cells.join('\n// next cell\n'));
}

test('functions, methods and closures see the value that a later cell assigns', limit, async () => {
  await prints(
    [
      `let rate = 0.1;
       const now = () => rate;
       function twice() { return 2 * rate; }
       class Step { start = rate; rate() { return rate; } static get rate() { return rate; } }
       const object = { rate, get current() { return rate; } };
       function* rates() { while (true) yield rate; }
       const generator = rates();`,
      'rate = 0.01;',
      'rate *= 2;',
      '[rate, now(), twice() / 2, new Step().rate(), Step.rate, new Step().start, object.current, object.rate, generator.next().value].join()',
    ],
    '0.02,0.02,0.02,0.02,0.02,0.02,0.02,0.1,0.02',
  );
});

test('later cells see what functions, timers and running loops of earlier ones assign', limit, async () => {
  await prints(
    [
      `let count = 0;
       const increment = () => ++count;
       const list = [1, 2, 3];
       function clear() { list.length = 0; count = 0; }
       increment();`,
      'count = 10; increment(); count',
    ],
    '11',
  );
  await prints(
    [
      `let ticks = 0, limit = Infinity;
       const done = new Promise<void>(resolve => {
         const timer = setInterval(() => { if (++ticks >= limit) { clearInterval(timer); resolve(); } }, 1);
       });`,
      'limit = ticks + 5; await done; ticks === limit',
    ],
    'true',
  );
  await prints(
    [
      `let running = true, rounds = 0;
       const loop = (async () => { while (running) { rounds++; await new Promise(setImmediate); } return 'ended'; })();`,
      'await new Promise(resolve => setTimeout(resolve, 20)); running = false; await loop',
    ],
    'ended',
  );
});

test('every way to assign reaches the one variable', limit, async () => {
  await prints(
    [
      `let a = 1, b = 2, c = 3;
       const all = () => [a, b, c].join();`,
      `[a, b] = [b, a]; ({ c } = { c: 7 }); a++; b += 1; c ||= 4;
       all() + ' ' + [a, b, c].join()`,
    ],
    '3,2,7 3,2,7',
  );
  await prints([`for (a of [5, 6]);\nfor (c = 0; c < 3; c++);\nall()`], '6,2,3');
  await prints(
    [`({ x: a, y: [b = 9] } = { x: 4, y: [undefined] as (number | undefined)[] }); all()`],
    '4,9,3',
  );
});

test('patterns declare every name in them', limit, async () => {
  await prints(
    [
      `const { x, y: { z = 3, ...others }, ['k']: key = () => z } = { x: 1, y: { z: undefined as number | undefined, u: 5, v: 6 } } as
         { x: number; y: { z?: number; u: number; v: number }; k?: () => number };
       const [first, , third = 8, ...rest] = [1, 2, undefined, 4, 5];`,
      `JSON.stringify([x, z, others, key(), key.name, first, third, rest])`,
    ],
    '[1,3,{"u":5,"v":6},3,"key",1,8,[4,5]]',
  );
});

test('a parameter or local of the same name is another variable', limit, async () => {
  await prints(
    [
      `let size = 1;
       const inner = (size: number) => size + 1;
       function local() { let size = 5; size++; { const size = 9; void size; } return size; }
       function hoisted() { if (true) { var size = 3; } return size; }
       const label = { size: 2 }, nested = () => { const size = 4; return () => size; };
       try { throw 6; } catch (size) { void size; }
       for (let size = 0; size < 3; size++);
       class Box { size = 7; grow() { this.size++; return this.size; } }`,
      `size = 10;
       [inner(1), local(), hoisted(), label.size, nested()(), new Box().grow(), size].join()`,
    ],
    '2,6,3,2,4,8,10',
  );
});

test('names that are declared again are the same variable, of another type too', limit, async () => {
  await prints(
    [
      `function version(): string | number { return 1; }\nconst ask = () => version();`,
      `function version() { return 'two'; }`,
      'ask()',
    ],
    'two',
  );
  await prints(
    [`let thing = 1;\nconst show = () => String(thing);`, `let thing = 'text';`, 'thing.length + show()'],
    '4text',
  );
  await prints(
    [
      `class Animal { name() { return 'first'; } }\nconst make = () => new Animal().name();`,
      `class Animal { name() { return 'second'; } extra = 1; }`,
      'make() + new Animal().extra',
    ],
    'second1',
  );
  await prints([`var kept = 1;`, `var kept: number | undefined;\nkept`], '1');
});

test('a class means itself inside of its braces', limit, async () => {
  await prints(
    [
      `class Node1 { static made = 0; static root = new Node1(); next?: Node1; constructor() { Node1.made++; } }
       const before = Node1;`,
      'class Node1 { static made = 100; }',
      'new before(); [before.made, Node1.made].join()',
    ],
    '2,100',
  );
});

test('enums, namespaces and their values', limit, async () => {
  await prints(
    [
      `enum Kind { Plain, Gru = 5, Lstm }
       const enum Fixed { One = 1 }
       namespace Shapes { export const sides = 4; export interface Shape { sides: number } }
       const kind = () => Kind[Kind.Gru];`,
      `let chosen: Kind = Kind.Lstm; const shape: Shapes.Shape = Shapes; [kind(), chosen, Fixed.One, shape.sides].join()`,
    ],
    'Gru,6,1,4',
  );
});

test('an interface and a constant of one name, in two cells', limit, async () => {
  await prints(
    [
      `import { z } from 'zod';\nconst Settings = z.object({ units: z.number() });`,
      `type Settings = z.infer<typeof Settings>;`,
      `const parsed: Settings = Settings.parse({ units: 3 });\nparsed.units`,
    ],
    '3',
  );
  await prints(
    [
      `interface Units { n: number }`,
      `const Units = (n: number): Units => ({ n });`,
      `const u: Units = Units(8);\nu.n`,
    ],
    '8',
  );
});

test('an import follows its module, as in a file', limit, async () => {
  await prints(
    [
      `import name, { count, increment } from '../lib/counter';\nimport * as counter from '../lib/counter';`,
      `increment(); increment(); [name, count, counter.count, counter.default].join()`,
    ],
    'counter,2,2,counter',
  );
  await prints([`let count = 5;`, `count++;\nincrement();\n[count, counter.count].join()`], '6,3');
});

test('default values, calls, templates and typeof use the variable as it is', limit, async () => {
  await prints(
    [
      `let base = 2;
       function self(this: unknown) { return this === undefined; }
       const tag = (parts: TemplateStringsArray, ...values: number[]) => parts.raw.join('|') + values.join();
       const scale = (x: number, by = base) => x * by;
       const maybe: (() => string) | undefined = () => 'called';`,
      `base = 3;
       [scale(2), self(), (self)(), self!(), maybe?.(), tag\`a\${base}b\`, typeof base, typeof scale, scale.name].join()`,
    ],
    '6,true,true,true,called,a|b3,number,function,scale',
  );
});

test('a variable without a value says so', limit, async () => {
  const { traceback } = await fixture.kernel.execute(
    'const early = () => late + 1;\nearly();\nconst late = 1;',
  );
  assert.match(
    traceback,
    /ReferenceError: Cannot access 'late' before its declaration.*\n.*early \(<cell \d+>:1:21\)/,
  );
});

test('constants stay constants for later cells', limit, async () => {
  await prints(['const fixed = 1;\nfunction fun() {}'], '');
  for (const cell of ['fixed = 2;', 'fun = () => {};']) {
    const { reply } = await fixture.kernel.execute(cell);
    assert.match(String(reply.evalue), /Cannot assign to '(fixed|fun)'/);
  }
  const { reply } = await fixture.kernel.execute('const again = 1;\nagain = 2;');
  assert.match(String(reply.evalue), /TS2588/);
});

test('what a later cell assigns must have the type of the variable', limit, async () => {
  await prints(['let amount = 1;'], '');
  const { reply } = await fixture.kernel.execute(`amount = 'one';`);
  assert.match(String(reply.evalue), /'string' is not assignable to type 'number'/);
});

test('what is declared for all code counts for later cells', limit, async () => {
  await prints(
    [
      `declare global { interface Array<T> { secondLast(): T } }
       declare const process: { pid: number };
       Array.prototype.secondLast = function () { return this[this.length - 2]; };
       process.pid > 0`,
    ],
    'true',
  );
  await prints(['[1, 2, 3].secondLast()'], '2');
});

test('imported types are known, however they are imported', limit, async () => {
  fixture.project.write(
    'lib/kinds.ts',
    'export interface Plain { a: number }\nexport class Rich { b = 2 }\nexport const c = 3;',
  );
  await prints(
    [
      `import { Plain, type Rich, c } from '../lib/kinds';\nimport type { Rich as Other } from '../lib/kinds';`,
      'const plain: Plain = { a: c }, rich: Rich = { b: 2 }, other: Other = rich;\nplain.a + other.b',
    ],
    '5',
  );
});
