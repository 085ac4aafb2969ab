import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Display } from '../scripts/test/display';
import type { FileResult } from '../scripts/test/file_tally';

const result = (file: string, more: Partial<FileResult> = {}): FileResult => ({
  ...{ file, seconds: 1.25, passed: 3, failed: 0, skipped: 0, failures: [], output: 'printed\n' },
  ...more,
});
const failing = result('test/b.test.ts', {
  failed: 1,
  failures: [{ name: 'adds', error: 'Error: 2 !== 3' }],
});

/** Takes what is written. */
function createScreen(isTTY: boolean) {
  const written: string[] = [];
  const write = (text: string) => written.push(text) > 0;
  return { isTTY, columns: 50, write: write, written };
}

describe('in a terminal', () => {
  test('one line is redrawn, never longer than the screen is wide; only failures stay', () => {
    const screen = createScreen(true);
    const display = new Display(2, screen);
    display.started('test/a.test.ts');
    display.started('test/b.test.ts');
    display.ended(result('test/a.test.ts'));
    assert.deepEqual(
      screen.written.map(text => text.replace('\r\x1b[K', '')),
      [
        '[0/2] 0 s, 0 passed, 0 failed: test/a.test.ts',
        '[0/2] 0 s, 0 passed, 0 failed: test/a.test.ts, te',
        '[1/2] 0 s, 3 passed, 0 failed: test/b.test.ts',
      ],
    );
    display.ended(failing);
    assert.match(
      screen.written.join(''),
      /\[2\/2\].*3 passed, 1 failed {2}test\/b\.test\.ts\n.*: adds\n.*2 !== 3\n/s,
    );
    assert.deepEqual(display.end(), { passed: 6, failed: 1, skipped: 0 });
    assert.equal(screen.written.at(-1), '6 passed, 1 failed\n');
  });
});

describe('elsewhere', () => {
  test('each file has a line, without control characters', () => {
    const screen = createScreen(false);
    const display = new Display(2, screen);
    display.started('test/a.test.ts');
    display.ended(result('test/a.test.ts', { skipped: 2 }));
    display.end();
    assert.equal(screen.written[0], '[1/2]    1.3 s  3 passed, 0 failed, 2 skipped  test/a.test.ts\n');
    assert.ok(!screen.written.some(text => text.includes('\r') || text.includes('\x1b')));
  });

  test('after a silence it says what is still running', async () => {
    const screen = createScreen(false);
    const display = new Display(2, screen, 0);
    display.started('test/a.test.ts');
    while (!screen.written.some(line => line.includes('still running: test/a.test.ts')))
      await new Promise(resolve => setTimeout(resolve, 50));
    display.end();
  });
});
