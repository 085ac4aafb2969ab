import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limit, useKernel } from './kernel_test';

const fixture = useKernel({
  'lib/errors.ts': `export class UserError extends Error { override readonly name: string = 'UserError'; }`,
  'lib/fail.ts': `import { UserError } from './errors';

interface Skipped { because: 'types leave no line in JavaScript' }

export function fail(): never {
  throw new RangeError('too far');
}

export async function failLater(): Promise<void> {
  await null;
  fail();
}

export function complain(depth = 0): void {
  if (depth > 0) complain(depth - 1);
  throw new UserError('Expected 3 layers, found 0: add some');
}
`,
});

/** Run a cell that fails and return its error message, which must agree with its reply. */
async function errorOf(
  cell: string,
): Promise<{ ename: string; evalue: string; traceback: string; count: number }> {
  const { messages, reply, traceback } = await fixture.kernel.execute(cell);
  const error = messages.find(({ msg_type }) => msg_type === 'error');
  assert.equal(reply.status, 'error');
  assert.deepEqual({ ename: reply.ename, evalue: reply.evalue, traceback: reply.traceback }, error?.content);
  return {
    ename: String(reply.ename),
    evalue: String(reply.evalue),
    traceback,
    count: Number(reply.execution_count),
  };
}

test('an error has name, message and the lines of the cells that led to it', limit, async () => {
  const definition = await fixture.kernel.execute(
    'interface Skipped {\n  x: number;\n}\nfunction halve(n: number) {\n  if (n % 2) throw new TypeError(`odd: ${n}`);\n}',
  );
  const first = Number(definition.reply.execution_count);
  const { ename, evalue, traceback, count } = await errorOf('\nhalve(2);\nhalve(3);');
  assert.equal(ename, 'TypeError');
  assert.equal(evalue, 'odd: 3');
  assert.equal(
    traceback,
    `TypeError: odd: 3\n    at halve (<cell ${first}>:5:20)\n    at <cell ${count}>:3:1`,
  );
});

test('an error in a module shows its TypeScript', limit, async () => {
  const { ename, traceback, count } = await errorOf(`import { fail } from '../lib/fail';\nfail();`);
  assert.equal(ename, 'RangeError');
  assert.equal(traceback, `RangeError: too far\n    at fail (lib/fail.ts:6:9)\n    at <cell ${count}>:2:1`);
});

test('also behind await', limit, async () => {
  const { traceback, count } = await errorOf(
    `import { failLater } from '../lib/fail';\n\nawait failLater();`,
  );
  assert.equal(
    traceback,
    [
      'RangeError: too far',
      '    at fail (lib/fail.ts:6:9)',
      '    at failLater (lib/fail.ts:11:3)',
      `    at async <cell ${count}>:3:1`,
    ].join('\n'),
  );
});

test("what the user can fix is said first, with the notebook's lines only", limit, async () => {
  const { ename, evalue, traceback, count } = await errorOf(
    `import { complain } from '../lib/fail';\nconst start = () => complain(20);\nstart();`,
  );
  assert.equal(ename, 'UserError');
  assert.equal(evalue, 'Expected 3 layers, found 0: add some');
  assert.equal(
    traceback,
    [
      'UserError: Expected 3 layers, found 0: add some',
      `    at start (<cell ${count}>:2:21)`,
      `    at <cell ${count}>:3:1`,
    ].join('\n'),
  );
});

test('causes and details are shown', limit, async () => {
  const { traceback } = await errorOf(
    `throw new Error('outer', { cause: Object.assign(new Error('inner'), { path: 'data/x' }) });`,
  );
  assert.match(traceback, /Error: outer[^]*\[cause\]: Error: inner[^]*path: 'data\/x'/);
});

test('anything can be thrown', limit, async () => {
  const { ename, evalue } = await errorOf('throw { code: 3 };');
  assert.deepEqual([ename, evalue], ['Thrown', '{ code: 3 }']);
});

test('type errors show position, line and message, all of them', limit, async () => {
  const { ename, evalue, traceback, count } = await errorOf(
    `const fine = 1;\nconst wrong: number = 'one';\n  undeclared();`,
  );
  assert.equal(ename, 'TypeScriptError');
  const first = `<cell ${count}>:2:7 - error TS2322: Type 'string' is not assignable to type 'number'.`;
  const second = `<cell ${count}>:3:3 - error TS2304: Cannot find name 'undeclared'.`;
  assert.equal(evalue, `${first}\n${second}`);
  assert.equal(
    traceback,
    [
      first,
      `    const wrong: number = 'one';`,
      '          ~~~~~',
      '',
      second,
      '      undeclared();',
      '      ~~~~~~~~~~',
      '',
    ].join('\n'),
  );
});

test('a syntax error is placed in the cell, also at its end', limit, async () => {
  const { ename, evalue, count } = await errorOf('const a = 1;\nconst b = ');
  assert.equal(ename, 'TypeScriptError');
  assert.equal(evalue, `<cell ${count}>:2:11 - error TS1109: Expression expected.`);
});

test('a long type error is given whole', limit, async () => {
  const { evalue } = await errorOf('const f: { g: (x: number) => void } = { g: (x: string) => {} };');
  assert.match(
    evalue,
    /TS2322: .*\n {2}Types of parameters 'x' and 'x' are incompatible\.\n {4}Type 'number'/,
  );
});

test('a rejection that nobody awaits is printed in its cell', limit, async () => {
  const { reply, stderr } = await fixture.kernel.execute(`void Promise.reject(new Error('forgotten'));`);
  assert.equal(reply.status, 'ok');
  assert.equal(
    stderr,
    `Uncaught (in promise) Error: forgotten\n    at <cell ${Number(reply.execution_count)}>:1:21\n`,
  );
});

test('also when it comes late', limit, async () => {
  const first = fixture.kernel.submit(
    `const timer = setTimeout(() => void Promise.reject(new Error('late')), 300);`,
  );
  await fixture.kernel.finished(first);
  const second = await fixture.kernel.execute('await new Promise(resolve => setTimeout(resolve, 600));');
  assert.equal(second.stderr, '');
  const { stderr } = await fixture.kernel.finished(first);
  assert.match(stderr, /^Uncaught \(in promise\) Error: late\n.*<cell \d+>:1:52/);
});

test('an error in a timer is printed in the cell that set it', limit, async () => {
  const first = fixture.kernel.submit(`setTimeout(() => { throw new Error('in a timer'); }, 300);`);
  await fixture.kernel.finished(first);
  await fixture.kernel.execute('await new Promise(resolve => setTimeout(resolve, 600));');
  const { stderr } = await fixture.kernel.finished(first);
  assert.match(stderr, /^Uncaught Error: in a timer\n.*<cell \d+>:1:26/);
});
