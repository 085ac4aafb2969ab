import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limit, useKernel } from './kernel_test';

const fixture = useKernel({ 'lib/breaks_off.ts': `export const unused = 1;\nthrow new Error('at import');` });

async function prints(cell: string, expected: string): Promise<void> {
  const { reply, stdout, traceback } = await fixture.kernel.execute(cell);
  assert.equal(reply.status, 'ok', traceback);
  assert.equal(stdout.trim(), expected);
}

async function fails(cell: string, expected: RegExp): Promise<void> {
  const { reply } = await fixture.kernel.execute(cell);
  assert.equal(reply.status, 'error');
  assert.match(`${String(reply.ename)}: ${String(reply.evalue)}`, expected);
}

test('what a cell declared before it failed stays, with its types', limit, async () => {
  await fails(
    `const measured = [1, 2, 3], { length } = measured;
     class Meter { read() { return length; } }
     let total = 0;
     total += measured[0];
     throw new Error('midway');`,
    /midway/,
  );
  await prints('[measured.length, new Meter().read(), total, length].join()', '3,3,1,3');
  await fails('const wrong: string = measured[0];', /'number' is not assignable to type 'string'/);
});

test('what it would have declared later is unknown, and the error says why', limit, async () => {
  const { reply } = await fixture.kernel.execute(
    `const before = 1, broken = JSON.parse('{') as number, after = 3;\nclass Later {}\nenum Never { A }`,
  );
  await prints('before', '1');
  for (const name of ['broken', 'after', 'Later', 'Never']) {
    await fails(
      `console.log(${name});`,
      new RegExp(
        `Cannot find name '${name}'.*<cell ${Number(reply.execution_count)}> declares it, but broke off`,
      ),
    );
  }
  await fails('console.log(nobody);', /Cannot find name 'nobody'\.$/);
});

test('functions and types count from the first line on, as in JavaScript', limit, async () => {
  await fails(
    `throw new Error('early');
     function known() { return later; }
     const later = 1;
     interface Shape { sides: number }`,
    /early/,
  );
  await prints('const shape: Shape = { sides: 4 };\nshape.sides', '4');
  await fails('known()', /ReferenceError: Cannot access 'later' before its declaration/);
});

test('a declaration that was not reached leaves the earlier variable as it was', limit, async () => {
  await prints(`let unit = 5;\nconst label = () => 'unit ' + unit;`, '');
  await fails(`throw new Error('no');\nlet unit = 'five';`, /no/);
  await prints('unit += 1;\nlabel()', 'unit 6');
  await prints(`let unit = 'six';\nunit.length`, '3');
});

test('an import that fails is not known, those before it are', limit, async () => {
  await fails(
    `import { sep } from 'node:path';\nimport { unused } from '../lib/breaks_off';\nconst x9 = unused;`,
    /at import/,
  );
  await prints('sep', '/');
  await fails('unused', /Cannot find name 'unused'/);
});

test('a cell that did not compile changes nothing', limit, async () => {
  await prints('const firm = 1;', '');
  await fails(`const firm: string = 2;\nconst fresh = 1;`, /TS2322/);
  await prints('firm', '1');
  await fails('fresh', /Cannot find name 'fresh'\.$/);
});

test('the same holds for a cell that was stopped', limit, async () => {
  const { kernel } = fixture;
  const id = kernel.submit(
    `const waited = { for: 'ever' };\nconsole.log('waiting');\nconst promised = await new Promise<number>(() => {});`,
  );
  await kernel.until(() => kernel.published(id).some(({ msg_type }) => msg_type === 'stream'));
  await kernel.button('interrupt');
  assert.equal((await kernel.finished(id)).reply.ename, 'KeyboardInterrupt');
  await prints('waited.for', 'ever');
  await fails('promised', /Cannot find name 'promised': <cell \d+> declares it, but broke off/);
});
