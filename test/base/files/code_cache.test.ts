import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { compileCached } from '../../../lib/base/files/code_cache';

const folder = mkdtempSync(join(tmpdir(), 'scanline-code-'));
after(() => rmSync(folder, { recursive: true }));
const cache = join(folder, 'node_modules', '.cache', 'scanline');
const kept = () => (existsSync(cache) ? readdirSync(cache) : []);
/** The program at another place each time: V8 itself remembers, too, what it has compiled in this process. */
let count = 0;
function place(text: string): string {
  const path = join(folder, 'node_modules', `package-${++count}`, 'program.js');
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
  return path;
}
const two = '(function () { return 1 + 1; })()';

test('a program is compiled once, and kept beside its package when it has run', () => {
  const first = compileCached(place(two));
  assert.equal(first.script.runInThisContext(), 2);
  assert.deepEqual(kept(), []);
  first.keep();
  assert.equal(kept().length, 1);
  const second = compileCached(place(two));
  assert.equal(second.script.cachedDataRejected, false);
  assert.equal(second.script.runInThisContext(), 2);
});

test('another text of the same length is another program', () => {
  const { script } = compileCached(place(two.replace('1 + 1', '1 + 2')));
  assert.equal(script.cachedDataRejected, undefined);
  assert.equal(script.runInThisContext(), 3);
});

test('what V8 does not accept is compiled and kept anew', () => {
  for (const name of kept()) writeFileSync(join(cache, name), 'damaged');
  const { script, keep } = compileCached(place(two));
  assert.equal(script.cachedDataRejected, true);
  assert.equal(script.runInThisContext(), 2);
  keep();
  assert.equal(compileCached(place(two)).script.cachedDataRejected, false);
});

test('where it cannot be kept, it runs all the same', () => {
  rmSync(cache, { recursive: true });
  writeFileSync(cache, 'a file where the folder should be');
  const { script, keep } = compileCached(place(two));
  assert.equal(script.runInThisContext(), 2);
  keep();
  assert.equal(readFileSync(cache, 'utf8'), 'a file where the folder should be');
});
