/** `npm test`, as the shell sees it, on small test files of its own. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, test } from 'node:test';
import { root } from '../scripts/child_process';

const folder = mkdtempSync(join(tmpdir(), 'scanline tests ')); // the space is on purpose
after(() => rmSync(folder, { recursive: true }));

/** A folder of test files: path → text after the imports. */
function createTests(name: string, files: Record<string, string>): string {
  const tests = join(folder, name);
  const imports = `import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { before, describe, test } from 'node:test';`;
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(tests, path)), { recursive: true });
    writeFileSync(join(tests, path), `${imports}\n${text}\n`);
  }
  return tests;
}

const command = (tests: string, ...args: string[]) => [
  ...['-r', 'ts-node/register', join('scripts', 'test.ts')],
  ...['--folder', tests, ...args],
];

function run(tests: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, command(tests, ...args), {
    cwd: root,
    encoding: 'utf8',
  });
  const lines = stdout.trimEnd().split('\n');
  return { status, stdout, stderr, last: lines[lines.length - 1] };
}

const passing = `test('one', () => {});\ndescribe('a group', () => test('two', () => {}));`;

describe('when all tests pass', () => {
  const tests = createTests('passing', {
    'first.test.ts': passing,
    'below/second.test.ts': `test('three', () => {});\ntest('four', { skip: 'not today' }, () => {});`,
    'no_test.ts': `throw new Error('was run');`,
  });

  test('it shows each file and how many there are, counts the tests, and the status is 0', () => {
    const { status, stdout, stderr, last } = run(tests);
    assert.deepEqual([status, stderr], [0, '']);
    assert.match(stdout, /^\[1\/2\] .* s {2}\d passed, 0 failed/m);
    assert.match(stdout, /^\[2\/2\] /m);
    assert.match(stdout, /2 passed, 0 failed {2}.*passing\/first\.test\.ts$/m);
    assert.match(stdout, /1 passed, 0 failed, 1 skipped {2}.*passing\/below\/second\.test\.ts$/m);
    assert.equal(last, '3 passed, 0 failed, 1 skipped');
  });

  test('words choose files', () => {
    assert.equal(run(tests, 'passing/below', 'nowhere').last, '1 passed, 0 failed, 1 skipped');
  });

  test('without any file the status is 1', () => {
    const { status, stdout, stderr, last } = run(tests, 'nowhere');
    assert.equal(status, 1);
    assert.match(
      stderr,
      /^Expected words that occur in the path of a test file, found nowhere: see the folder /,
    );
    assert.match(stdout, /^no test has run$/m);
    assert.equal(last, '0 passed, 0 failed');
  });
});

test('failures are shown with name, error and what the file printed, and the status is 1', () => {
  const tests = createTests('failing', {
    'fails.test.ts': `console.log('said by the file');
      describe('a group', () => { test('adds', () => assert.equal(1 + 1, 3)); test('fits', () => {}); });`,
    'before.test.ts': `describe('prepared', () => {
      before(() => { throw new Error('no preparation'); });
      test('is never run', () => {});
    });`,
    'passes.test.ts': passing,
  });
  const { status, stdout, last } = run(tests);
  assert.equal(status, 1);
  const [details, list] = stdout.split('\nFailed:\n');
  for (const text of [details, list]) {
    assert.match(text, /fails\.test\.ts: a group > adds\n.*2 !== 3/s);
    assert.match(text, /before\.test\.ts: prepared.*no preparation/s);
  }
  assert.match(details, /^ +said by the file$/m);
  assert.match(last, /^3 passed, [23] failed$/); // the group that could not begin and, in some versions of Node, its test
});

test('a file counts as failed if it crashes, ends before its tests, or has none', () => {
  const tests = createTests('broken', {
    'crashes.test.ts': `test('one', () => {});\nthrow new Error('at its start');`,
    'leaves.test.ts': `test('long', () => new Promise(() => setTimeout(() => process.exit(0), 100)));`,
    'killed.test.ts': `test('dies', () => new Promise(() => setTimeout(() => process.kill(process.pid, 'SIGKILL'), 100)));`,
    'empty.test.ts': '',
  });
  const { status, stdout } = run(tests);
  assert.equal(status, 1);
  const [, list] = stdout.split('\nFailed:\n');
  assert.match(list, /crashes\.test\.ts/);
  assert.match(stdout, /at its start/);
  assert.match(list, /leaves\.test\.ts/);
  assert.match(list, /killed\.test\.ts\n.*ended first with SIGKILL in the test "dies"/);
  assert.match(list, /empty\.test\.ts\n.*Expected a test in this file, found none/);
});

test('beside as many files as there are jobs runs one that mostly waits', () => {
  const notes = join(folder, 'notes');
  mkdirSync(notes);
  /** Ends when three files run at once. */
  const meets = (name: string) => `import { readdirSync } from 'node:fs';
    test('meets the others', { timeout: 60_000 }, async () => {
      writeFileSync(${JSON.stringify(join(notes, name))}, '');
      while (readdirSync(${JSON.stringify(notes)}).length < 3) await new Promise(resolve => setTimeout(resolve, 20));
    });`;
  const tests = createTests('side by side', {
    'kernel/waits.test.ts': meets('waits'),
    'one.test.ts': meets('one'),
    'two.test.ts': meets('two'),
  });
  assert.equal(run(tests, '--jobs', '2').last, '3 passed, 0 failed');
});

/** A test that never ends, with a program that it started. */
const endless = (note: string) => `test('hangs', () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  writeFileSync(${JSON.stringify(note)}, String(child.pid));
  return new Promise(() => {});
});`;

function hasEnded(pid: number): boolean {
  try {
    process.kill(pid, 0); // only asks
    return false;
  } catch {
    return true;
  }
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise(resolve => setTimeout(resolve, 20));
}

test(
  'a file that does not end is ended after the limit, with what it has started',
  { timeout: 60_000 },
  async () => {
    const note = join(folder, 'hanging pid');
    const tests = createTests('hanging', { 'hangs.test.ts': endless(note), 'passes.test.ts': passing });
    const { status, stdout, last } = run(tests, '--limit', '4');
    assert.equal(status, 1);
    assert.match(
      stdout,
      /hangs\.test\.ts\n.*Expected its end within 4 s, found it still running in the test "hangs"/,
    );
    assert.match(last, /^2 passed, [12] failed$/);
    await until(() => hasEnded(Number(readFileSync(note, 'utf8'))));
  },
);

describe('small files of one folder, which share a process', () => {
  const noted = (name: string) =>
    `test('notes', () => writeFileSync(${JSON.stringify(join(folder, name))}, String(process.pid)));`;
  const pidOf = (name: string) => readFileSync(join(folder, name), 'utf8');

  test('each is shown with its own tests, hooks, failures and prints', () => {
    const tests = createTests('sharing', {
      'data/first.test.ts': `before(() => console.log('said by first'));\n${noted('pid 1')}\n${passing}`,
      'data/second.test.ts': `console.log('said by second');
        before(() => { throw new Error('no preparation'); });\ntest('is never run', () => {});`,
      'data/third.test.ts': `${noted('pid 3')}\ntest('adds', () => assert.equal(1 + 1, 3));`,
      'data/fourth.test.ts': `throw new Error('at its start');`,
      'data/fifth.test.ts': '',
    });
    const { status, stdout } = run(tests);
    assert.equal(status, 1);
    assert.equal(pidOf('pid 1'), pidOf('pid 3'));
    assert.match(stdout, /^\[\d\/5\] .* 3 passed, 0 failed {2}.*first\.test\.ts$/m);
    assert.match(stdout, /^\[\d\/5\] .* 1 passed, 1 failed {2}.*third\.test\.ts\n.*third\.test\.ts: adds\n/m);
    const [, list] = stdout.split('\nFailed:\n');
    assert.match(list, /second\.test\.ts\n.*no preparation/);
    assert.match(list, /fourth\.test\.ts\n.*at its start/);
    assert.match(list, /fifth\.test\.ts\n.*Expected a test in this file, found none/);
    assert.doesNotMatch(list, /first\.test\.ts/);
  });

  test(
    'the one that ends the process, or never ends, is named, and the others still run',
    { timeout: 60_000 },
    () => {
      const dying = `test('dies', () => process.kill(process.pid, 'SIGKILL'));`;
      const tests = createTests('crashing', {
        'data/a.test.ts': passing,
        'data/b.test.ts': `${dying}\ntest('is never run', () => {});`,
        'data/c.test.ts': passing,
        'rnn/a.test.ts': passing,
        'rnn/b.test.ts': `test('hangs', () => { for (;;); });`,
        'rnn/c.test.ts': passing,
        'runs/a.test.ts': `process.exit(3);`,
        'runs/b.test.ts': passing,
      });
      const { status, stdout } = run(tests, '--limit', '6');
      assert.equal(status, 1);
      for (const file of ['data/a', 'data/c', 'rnn/a', 'rnn/c', 'runs/b']) {
        assert.match(stdout, new RegExp(` 2 passed, 0 failed {2}.*${file}\\.test\\.ts$`, 'm'));
      }
      const [, list] = stdout.split('\nFailed:\n');
      assert.match(list, /data\/b\.test\.ts\n.*ended first with SIGKILL/);
      assert.match(list, /rnn\/b\.test\.ts\n.*Expected its end within 6 s, found it still running/);
      assert.match(list, /runs\/a\.test\.ts\n.*ended first with status 3/);
      assert.match(stdout, /^8 of 8 test files in \d+ s$/m);
    },
  );
});

test('Ctrl-C ends all it has started, and the status is 130', { timeout: 60_000 }, async () => {
  const note = join(folder, 'stopped pid');
  const tests = createTests('stopped', { 'hangs.test.ts': endless(note) });
  const child = spawn(process.execPath, command(tests), { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  child.stdout.on('data', chunk => (printed += String(chunk)));
  await until(() => existsSync(note) && readFileSync(note, 'utf8') !== '');
  child.kill('SIGINT');
  const [status] = (await once(child, 'close')) as [number | null];
  assert.equal(status, 130);
  assert.match(printed, /^0 of 1 test files in \d+ s$/m);
  await until(() => hasEnded(Number(readFileSync(note, 'utf8'))));
});
