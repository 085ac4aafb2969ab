/** What the set-up does, and what it does again when something has changed. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { describe, test, type TestContext } from 'node:test';
import { Computer, type SetUpResult } from './computer';
import { python as pythonProgram } from './programs';

const all = [
  'MNIST',
  'Native addon',
  'Node packages',
  'Notebook kernel',
  'Python environment',
  'Python packages',
  'TensorFlow',
];
const python = ['Notebook kernel', 'Python environment', 'Python packages'];

/** The steps that were gone through to their end; which first, chance decides. */
function stepsOf({ stdout }: SetUpResult): string[] {
  const lines = stdout.matchAll(/^(\w[\w ]+\w) {2,}\d+\.\d s/gm);
  return [...lines].map(([, name]) => name).sort();
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
  assertDone(computer.setUp(), all);
  return computer;
}

// The programs that stand in for the computer's own are shell scripts.
describe('set-up', { skip: process.platform === 'win32' }, () => {
  test('from nothing: one line a step, without control characters', t => {
    const { status, stdout, stderr, calls } = new Computer(t).setUp();
    assert.deepEqual([status, stderr], [0, '']);
    const lines = stdout.replace(/\d+\.\d s/g, '… s').split('\n');
    assert.match(lines[0], /^Setting up Scanline in this folder: some 500 MB/);
    assert.deepEqual(lines.slice(1).sort(), [
      '',
      'MNIST                  … s',
      'Native addon           … s',
      'Node packages          … s',
      'Notebook kernel        … s',
      'Python environment     … s',
      'Python packages        … s',
      'TensorFlow             … s  2.21.0',
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
    assertDone(computer.setUp(), ['Notebook kernel']);
    assertComplete(computer);
  });

  test('other Node packages: the addon, which was compiled among them, is compiled anew in the same run', t => {
    const computer = completeComputer(t);
    computer.write('package-lock.json', '{ "lockfileVersion": 3 }');
    assertDone(computer.setUp(), ['Native addon', 'Node packages']);
    assertComplete(computer);
  });

  test('other Python packages: installed into the environment that is there', t => {
    const computer = completeComputer(t);
    computer.write('requirements.txt', 'jupyterlab\n');
    computer.uninstall('python3');
    const result = computer.setUp();
    assertDone(result, ['Python packages']);
    assert.ok(result.calls.some(call => call.includes(`-r ${computer.path('requirements.txt')}`)));
    assertComplete(computer);
  });

  test('.venv deleted', t => {
    const computer = completeComputer(t);
    rmSync(computer.path('.venv'), { recursive: true });
    assertDone(computer.setUp(), python);
    assertComplete(computer);
  });

  test("TensorFlow's library deleted", t => {
    const computer = completeComputer(t);
    rmSync(computer.path('.tensorflow'), { recursive: true });
    assertDone(computer.setUp(), ['TensorFlow']);
    assertComplete(computer);
  });

  test('a .venv in which pip was killed is made anew', t => {
    const computer = completeComputer(t);
    rmSync(computer.path('.venv', '.scanline-packages.json'));
    computer.write('.venv/.scanline-half-done', '');
    computer.write('.venv/left-over', '');
    assertDone(computer.setUp(), python);
    assert.ok(!existsSync(computer.path('.venv', 'left-over')));
    assertComplete(computer);
  });

  test('a .venv whose Python is gone is made anew', t => {
    const computer = completeComputer(t);
    rmSync(computer.path('.venv', 'bin', 'python'));
    assertDone(computer.setUp(), python);
    assertComplete(computer);
  });

  test('a compiled addon that is gone is compiled again', t => {
    const computer = completeComputer(t);
    rmSync(computer.path('node_modules', '@tensorflow', 'tfjs-node', 'lib', 'napi-v8', 'tfjs_binding.node'));
    assertDone(computer.setUp(), ['Native addon']);
    assertComplete(computer);
  });

  test('an MNIST file cut short is fetched again', t => {
    const computer = completeComputer(t);
    computer.write('data/mnist/t10k-labels-idx1-ubyte', 'half');
    const result = computer.setUp();
    assertDone(result, ['MNIST']);
    assert.deepEqual(result.calls, [computer.path('scripts', 'fetch_data.ts')]);
    assertComplete(computer);
  });

  test("no wheel of TensorFlow for this Python: tfjs-node's own download, and the output says so", t => {
    const computer = new Computer(t);
    computer.install('python3', pythonProgram('python3', { wheel: false }));
    const result = computer.setUp();
    assertDone(result, all);
    const remark = (step: string) => new RegExp(`^${step} .* s {2}(.*)`, 'm').exec(result.stdout)?.[1];
    assert.equal(remark('TensorFlow'), 'no wheel of 2.21.0 fits this machine and its Python');
    assert.equal(remark('Native addon'), "runs 2.9.1, tfjs-node's own download");
    assert.ok(result.calls.includes('tfjs-node download'));
    assertComplete(computer);
  });
});
