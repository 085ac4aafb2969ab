import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { runInNewContext } from 'node:vm';
import { jsString, shellWord } from '../../lib/base/quote';

const paths = ['runs/a', '/tmp/my runs/x', "it's", '$HOME `date` "q" \\ *', 'ü; rm -rf x', ''];

test('a shell reads a quoted word as what it was', () => {
  for (const path of paths) {
    assert.equal(execFileSync('sh', ['-c', `printf %s ${shellWord(path)}`], { encoding: 'utf8' }), path);
  }
  assert.equal(shellWord('/tmp/runs/2026-01-02_a.b'), '/tmp/runs/2026-01-02_a.b');
});

test('JavaScript reads a quoted string as what it was', () => {
  for (const path of [...paths, 'two\nlines']) assert.equal(runInNewContext(jsString(path)), path);
  assert.equal(jsString('runs/a'), "'runs/a'");
});
