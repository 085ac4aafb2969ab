/** What the set-up does, and what it does again when something has changed. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { describe, test, type TestContext } from 'node:test';
import { Computer, type SetUpResult } from './computer';
import { python } from './programs';

/** The steps that were gone through to their end, as the lines of the output number them. */
function stepsOf({ stdout }: SetUpResult): string[] {
  const lines = stdout.matchAll(/^\[(\d)\/5\] .* \d+\.\d s/gm);
  return [...lines].map(([, number]) => number);
}

function assertDone(result: SetUpResult, steps: string[]): void {
  assert.deepEqual([result.status, result.stderr, stepsOf(result)], [0, '', steps], result.stdout);
}

/** Nothing is printed, nothing is started. */
function assertComplete(computer: Computer): void {
  assert.deepEqual(computer.setUp(), { status: 0, stdout: '', stderr: '', calls: [] });
}

function completeComputer(t: TestContext): Computer {
  const computer = new Computer(t);
  assertDone(computer.setUp(), ['1', '2', '3', '4', '5']);
  return computer;
}

// The programs that stand in for the computer's own are shell scripts.
describe('set-up', { skip: process.platform === 'win32' }, () => {
  test('from nothing: one line a step, without control characters', t => {
    const { status, stdout, stderr, calls } = new Computer(t).setUp();
    assert.deepEqual([status, stderr], [0, '']);
    const lines = stdout.replace(/\d+\.\d s/g, '… s').split('\n');
    assert.match(lines[0], /^Setting up Scanline in this folder: some 600 MB/);
    assert.deepEqual(lines.slice(1), [
      '[1/5] Node packages       … s',
      '[2/5] Python packages     … s',
      '[3/5] TensorFlow          … s  2.21.0',
      '[4/5] Notebook kernel     … s',
      '[5/5] MNIST               … s',
      '',
    ]);
    assert.equal(calls.filter(call => call.startsWith('npm ci --ignore-scripts')).length, 1);
  });

  test('everything done: prints nothing, starts nothing, needs no Python and no compiler', t => {
    const computer = completeComputer(t);
    assertComplete(computer);
    computer.uninstall('npm', 'python3', 'c++');
    assertComplete(computer);
  });

  test('the notebook kernel is started from this folder, by this Node', t => {
    const computer = completeComputer(t);
    const file = computer.path('.venv', 'share', 'jupyter', 'kernels', 'tslab', 'kernel.json');
    const { argv } = JSON.parse(readFileSync(file, 'utf8')) as { argv: string[] };
    assert.equal(argv[0], process.execPath);
    assert.ok(argv.includes(computer.path('kernel', 'launch.js')), argv.join(' '));
    writeFileSync(file, '{}');
    assertDone(computer.setUp(), ['4']);
    assertComplete(computer);
  });

  test('other Node packages: TensorFlow, which was compiled among them, is compiled anew in the same run', t => {
    const computer = completeComputer(t);
    computer.write('package-lock.json', '{ "lockfileVersion": 3 }');
    assertDone(computer.setUp(), ['1', '3']);
    assertComplete(computer);
  });

  test('other Python packages: installed into the environment that is there', t => {
    const computer = completeComputer(t);
    computer.write('requirements.txt', 'jupyterlab\n');
    computer.uninstall('python3');
    const result = computer.setUp();
    assertDone(result, ['2']);
    assert.ok(result.calls.some(call => call.endsWith(`-r ${computer.path('requirements.txt')}`)));
    assertComplete(computer);
  });

  test('.venv deleted: the links to its TensorFlow are dead, so that step runs again too', t => {
    const computer = completeComputer(t);
    rmSync(computer.path('.venv'), { recursive: true });
    assertDone(computer.setUp(), ['2', '3', '4']);
    assertComplete(computer);
  });

  test('only the TensorFlow of .venv deleted', t => {
    const computer = completeComputer(t);
    rmSync(computer.path('.venv', 'packages', 'tensorflow'), { recursive: true });
    assertDone(computer.setUp(), ['3']);
    assertComplete(computer);
  });

  test('a .venv that was left half made, so has no stamp, is made anew', t => {
    const computer = completeComputer(t);
    rmSync(computer.path('.venv', '.scanline-packages'));
    computer.write('.venv/left-over', '');
    assertDone(computer.setUp(), ['2', '3', '4']);
    assert.ok(!existsSync(computer.path('.venv', 'left-over')));
    assertComplete(computer);
  });

  test('a .venv whose Python is gone is made anew', t => {
    const computer = completeComputer(t);
    rmSync(computer.path('.venv', 'bin', 'python'));
    assertDone(computer.setUp(), ['2', '3', '4']);
    assertComplete(computer);
  });

  test('a compiled addon that is gone is compiled again', t => {
    const computer = completeComputer(t);
    rmSync(computer.path('node_modules', '@tensorflow', 'tfjs-node', 'lib', 'napi-v8', 'tfjs_binding.node'));
    assertDone(computer.setUp(), ['3']);
    assertComplete(computer);
  });

  test('an MNIST file cut short is fetched again', t => {
    const computer = completeComputer(t);
    computer.write('data/mnist/t10k-labels-idx1-ubyte', 'half');
    const result = computer.setUp();
    assertDone(result, ['5']);
    assert.deepEqual(result.calls, [computer.path('scripts', 'fetch_data.ts')]);
    assertComplete(computer);
  });

  test("no wheel of TensorFlow for this Python: tfjs-node's own download, and the output says so", t => {
    const computer = new Computer(t);
    computer.install('python3', python('python3', { wheel: false }));
    const result = computer.setUp();
    assertDone(result, ['1', '2', '3', '4', '5']);
    const line = /\[3\/5\].* s {2}(.*)/.exec(result.stdout)?.[1];
    assert.equal(line, "2.9.1, tfjs-node's own download: no wheel of 2.21.0 fits this machine");
    assert.ok(result.calls.includes('tfjs-node download'));
    assertComplete(computer);
  });
});
