import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limit, useKernel } from './kernel_test';

// A second project: it is opened with this project's kernel, and decides for itself.
const fixture = useKernel({
  'tsconfig.json': `{
    // as loose as it gets, but for one thing
    "compilerOptions": { "strict": false, "noUncheckedIndexedAccess": true, "strictNullChecks": true, "lib": ["es2019"] }
  }`,
  'lib/whose.ts': `export const whose = 'the second';`,
});

test("a notebook's project brings its own compiler options", limit, async () => {
  const loose = await fixture.kernel.execute('const identity = x => x;\nidentity(1)');
  assert.equal(loose.stdout, '1\n');
  const indexed = await fixture.kernel.execute('const list = [1];\nconst first: number = list[0];');
  assert.match(String(indexed.reply.evalue), /Type 'undefined' is not assignable to type 'number'/);
  const recent = await fixture.kernel.execute('[1].findLast(x => x > 0)');
  assert.match(String(recent.reply.evalue), /'findLast' does not exist/);
});

test('and its own modules', limit, async () => {
  const { stdout } = await fixture.kernel.execute(`import { whose } from '../lib/whose';\nwhose`);
  assert.equal(stdout, 'the second\n');
});
