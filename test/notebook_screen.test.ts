/** What a notebook that runs in a shell shows: in a terminal, and in a file. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { root, venvPython } from '../scripts/child_process';
import { createProject, type TestProject } from './kernel/project';
import { runInTerminal } from './support/terminal';

/** A Python program with a `screen` and its clock, `at(seconds)`; as a command. */
function program(body: string): string[] {
  const head = `
import sys
sys.path.insert(0, ${JSON.stringify(join(root, 'scripts'))})
from notebook_screen import Screen, clean, cut
time = 0.0
screen = Screen(sys.stdout, now=lambda: time)
def at(seconds):
    global time
    while time < seconds:
        time += 0.5
        screen.tick()
`;
  return [venvPython, '-c', `${head}${body}`];
}

function inFile(body: string): string {
  const [python, ...args] = program(body);
  const { stdout, stderr, status } = spawnSync(python, args, { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  return stdout;
}

/** Columns that a text takes in a terminal, for the characters of this test. */
const columnsOf = (text: string) =>
  [...text].reduce((sum, character) => sum + (/[数字]/.test(character) ? 2 : 1), 0);

const training = `
screen.begin("cell 3 of 9")
for step in range(1, 241):
    at(step / 2)
    screen.update(f"epoch 0, step {step} of 2577, 17.2 steps/s, 2:05 left, loss 0.1234, train error 12.34 %, 数字数字数字数字数字数字\\nmore")
    if step % 30 == 0: screen.write(f"epoch: 0, steps: {step}, avg_test_error: 0.1\\n")
screen.update(None)
screen.begin("cell 4 of 9")
screen.write("done\\n")
screen.begin("")
`;

describe('in a file', () => {
  test('a cell that prints nothing is heard of every ten seconds', () => {
    assert.equal(
      inFile(
        'screen.begin("cell 3 of 9"); at(29); screen.write("ready\\n"); at(38); screen.begin("cell 4 of 9"); at(40)',
      ),
      '[cell 3 of 9, 0:10] running\n[cell 3 of 9, 0:20] running\nready\n[cell 4 of 9, 0:01] running\n',
    );
  });

  test('each line of the cell, and one with the progress every half a minute, in one line without control characters', () => {
    const lines = inFile(training).trim().split('\n');
    const tests = lines.filter(line => line.startsWith('epoch'));
    const progress = lines.filter(line => line.startsWith('[cell 3 of 9'));
    assert.equal(tests.length, 8);
    assert.deepEqual(
      progress.map(line => /, (\d:\d\d)\] epoch 0, step \d+ of 2577, .* 2:05 left, .*数字$/.exec(line)?.[1]),
      ['0:10', '0:25', '0:40', '0:55', '1:10', '1:25', '1:40', '1:55'],
    );
    assert.equal(lines.at(-1), 'done');
    assert.equal(lines.length, 17);
  });

  test('progress is not drowned by lines that come often', () => {
    const body = `
screen.begin("cell 1 of 2")
for step in range(1, 101):
    at(step)
    screen.update(f"step {step}")
    screen.write("line\\n")
`;
    const progress = inFile(body)
      .split('\n')
      .filter(line => line.startsWith('['));
    assert.deepEqual(
      progress,
      [30, 60, 90].map(
        step => `[cell 1 of 2, ${step === 60 ? '1:00' : step === 90 ? '1:30' : '0:30'}] step ${step - 1}`,
      ),
    );
  });

  test('what is overwritten, coloured or moved about ends as plain lines', () => {
    const text = String.raw`10 %\r50 %\r100 %\r\n\x1b[31mred\x1b[0m \x1b]8;;http://a\x1b\\link\x1b]8;;\x07\x1b[2K\x1b[1A\tend\x07\b\nlast`;
    assert.equal(
      inFile(`screen.begin("a"); screen.write("${text}"); screen.begin("")`),
      '100 %\nred link\tend\nlast\n',
    );
  });

  test('a line in pieces is printed once, when it is whole; until then it counts as progress', () => {
    const body =
      'screen.begin("cell 1 of 2"); screen.write("a"); at(10); screen.write("b"); screen.write("c\\nd\\n"); at(20)';
    assert.equal(inFile(body), '[cell 1 of 2, 0:10] a\nabc\nd\n[cell 1 of 2, 0:20] running\n');
  });
});

describe('in a terminal', () => {
  for (const columns of [40, 80, 110]) {
    test(`of ${columns} columns no redrawn line wraps, and nothing of it is left`, () => {
      const { status, drawn, screen } = runInTerminal(columns, program(training));
      assert.equal(status, 0);
      const lines = Array.from(
        { length: 8 },
        (_, i) => `epoch: 0, steps: ${(i + 1) * 30}, avg_test_error: 0.1`,
      );
      assert.deepEqual(screen, [...lines, 'done']);
      assert.ok(drawn.some(line => line.endsWith('…')));
      for (const line of drawn) assert.ok(columnsOf(line) < columns, line);
      if (columns >= 80)
        assert.ok(drawn.some(line => /^1:40 {2}epoch 0, .* 2:05 left, loss 0\.1234/.test(line)));
    });
  }

  test('colours stay, cursor movements do not', () => {
    const { screen } = runInTerminal(
      80,
      program(String.raw`screen.write("\x1b[31mred\x1b[0m\x1b[5A\rb\n"); screen.begin("")`),
    );
    assert.deepEqual(
      screen.map(line => line.replaceAll('\x1b', '')),
      ['b'],
    );
    const { written } = runInTerminal(80, program(String.raw`screen.write("\x1b[31mred\x1b[0m\x1b[5A\n")`));
    assert.ok(written.includes('\x1b[31mred\x1b[0m\r\n'), written);
  });
});

describe('a notebook', { timeout: 120_000 }, () => {
  let project: TestProject;
  before(() => {
    project = createProject();
    const api = `(globalThis as any)[Symbol.for('scanline.kernel')]`;
    const cells = [
      { cell_type: 'markdown', source: '# Counting' },
      {
        cell_type: 'code',
        source: `process.stdout.write('un');
const show = (text: string, update: boolean, more = {}) =>
  ${api}.display({ 'text/plain': text, ...more }, { displayId: 'a', update });
show('0 of 2', false);
console.log('finished');
show('1 of 2', true);
await new Promise(resolve => setTimeout(resolve, 1500));
show('The curves', true, { 'image/svg+xml': '<svg/>' });
await new Promise(resolve => setTimeout(resolve, 1500));`,
      },
      {
        cell_type: 'code',
        source: `console.log('\\x1b[1mbold\\x1b[0m'); throw new Error('\\x1b[2Jtoo far');`,
      },
    ];
    const whole = cells.map((cell, i) => ({
      ...cell,
      id: `cell-${i}`,
      metadata: {},
      ...(cell.cell_type === 'code' ? { outputs: [], execution_count: null } : {}),
    }));
    project.write(
      'notebooks/a.ipynb',
      JSON.stringify({ cells: whole, metadata: {}, nbformat: 4, nbformat_minor: 5 }),
    );
  });
  after(() => project.remove());
  const command = () => [
    venvPython,
    join(root, 'scripts', 'run_notebook.py'),
    join(project.notebooks, 'a.ipynb'),
    join(project.notebooks, 'b.ipynb'),
  ];

  test('in a terminal: progress in the last line until a result takes its place, then what went wrong', () => {
    const { status, drawn, screen } = runInTerminal(80, command());
    assert.equal(status, 1);
    assert.ok(
      drawn.some(line => /^\d:\d\d {2}1 of 2$/.test(line)),
      drawn.join('\n'),
    );
    assert.ok(!drawn.some(line => line.includes('The curves')));
    assert.deepEqual(screen.slice(0, 3), ['[cell 2 of 3] Counting', 'unfinished', '\x1b[1mbold\x1b[0m']);
    assert.match(screen.slice(3).join('\n'), /Error: too far/);
  });

  test('in a file: readable', () => {
    const [python, ...args] = command();
    const { stdout, stderr, status } = spawnSync(python, args, { encoding: 'utf8' });
    assert.equal(status, 1);
    assert.equal(stdout, '[cell 2 of 3] Counting\nunfinished\nbold\n');
    assert.match(stderr, /Error: too far/);
    assert.doesNotMatch(stdout + stderr, /[^\P{Cc}\n\t]/u);
  });

  test('Ctrl-C ends it and its kernel, without a trace of the program', async () => {
    const source = 'console.log(process.pid); await new Promise(resolve => setTimeout(resolve, 100_000));';
    const cell = { cell_type: 'code', id: 'a', metadata: {}, outputs: [], execution_count: null, source };
    project.write(
      'notebooks/a.ipynb',
      JSON.stringify({ cells: [cell], metadata: {}, nbformat: 4, nbformat_minor: 5 }),
    );
    const [python, ...args] = command();
    const child = spawn(python, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let stderr = '';
    child.stderr.on('data', chunk => (stderr += String(chunk)));
    const kernel = await new Promise<number>(resolve =>
      child.stdout.once('data', chunk => resolve(Number(chunk))),
    );
    child.kill('SIGINT');
    const status = await new Promise(resolve => child.once('close', resolve));
    assert.deepEqual([status, stderr], [130, '']);
    assert.throws(() => process.kill(kernel, 0), { code: 'ESRCH' });
  });
});
