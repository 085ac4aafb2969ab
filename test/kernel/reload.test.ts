import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limit, useKernel } from './kernel_test';

const fixture = useKernel({
  'lib/rate.ts': 'export const rate = 1;',
  'lib/price.ts': `import { rate } from './rate';\nexport const price = (n: number) => n * rate;`,
  'lib/shop.ts': `import { price } from './price';\nexport const total = () => price(10);`,
  'lib/state.ts': 'export const state = { visits: 0 };',
  'lib/index.ts': `export * from './shop';\nexport * from './state';`,
});

async function run(cell: string): Promise<string> {
  const { reply, stdout, traceback } = await fixture.kernel.execute(cell);
  assert.equal(reply.status, 'ok', traceback);
  return stdout.trim();
}

const importCell = `import { total, state } from '../lib';`;

test('a changed module and all that import it are loaded anew, others keep their state', limit, async () => {
  await run(importCell);
  assert.equal(await run('state.visits++;\ntotal()'), '10');

  fixture.project.write('lib/rate.ts', 'export const rate = 25;');
  assert.equal(await run('total()'), '10', 'what was imported stays until it is imported again');
  await run(importCell);
  assert.equal(await run('total()'), '250');
  assert.equal(await run('state.visits'), '1');
});

test('also a module that no name was imported from', limit, async () => {
  fixture.project.write('lib/greet.ts', `console.log('hello');`);
  const greet = `import '../lib/greet';`;
  assert.equal(await run(greet), 'hello');
  assert.equal(await run(greet), '');
  for (const cell of ['1', '2', '3']) await run(cell); // by now TypeScript has dropped the file
  fixture.project.write('lib/greet.ts', `console.log('hello again');`);
  assert.equal(await run(greet), 'hello again');
});

test('new exports and types are known at once', limit, async () => {
  fixture.project.write('lib/rate.ts', `export const rate = 2;\nexport const currency: 'EUR' = 'EUR';`);
  assert.equal(await run(`import { currency } from '../lib/rate';\ncurrency`), 'EUR');
});

test('an error in a changed module is reported until it is fixed', limit, async () => {
  fixture.project.write('lib/rate.ts', `export const rate: string = 3;`);
  const { reply } = await fixture.kernel.execute(importCell);
  assert.match(
    String(reply.evalue),
    /lib\/price\.ts:2:41 - error TS2363[^]*lib\/rate\.ts:1:14 - error TS2322/,
  );
  fixture.project.write('lib/rate.ts', 'export const rate = 3;');
  await run(importCell);
  assert.equal(await run('total()'), '30');
});
