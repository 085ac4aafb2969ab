/** What the set-up says when it cannot go on, and how it goes on afterwards. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { describe, test } from 'node:test';
import { Computer, type SetUpResult } from './computer';
import { compiler, failing, npm, python } from './programs';

/** The set-up must end with status 1 and a message that has all these parts, without a stack. */
function assertStops({ status, stderr }: SetUpResult, ...parts: string[]): void {
  assert.equal(status, 1, stderr);
  for (const part of ['Set-up stopped. ', ...parts, 'What was done is kept: run the same command again']) {
    assert.ok(stderr.includes(part), `"${part}" is not in: ${stderr}`);
  }
  assert.doesNotMatch(stderr, /^\s+at /m);
}

/** Beside questions to Python (`-c`) and for versions, nothing was started and nothing announced. */
function assertNothingBegun({ stdout, calls }: SetUpResult): void {
  assert.equal(stdout, '');
  assert.deepEqual(
    calls.filter(call => !/ (-c|--version)\b/.test(call)),
    [],
  );
}

const mac = process.platform === 'darwin';
const installPython = mac ? 'brew install python' : 'sudo apt-get install python3 python3-venv';
const installVenv = mac ? 'brew install python' : 'sudo apt-get install python3-venv';
const installCompiler = mac ? 'xcode-select --install' : 'sudo apt-get install g++';
const runs = (calls: string[], start: string) => calls.filter(call => call.startsWith(start)).length;

describe('before anything is fetched, the set-up names', { skip: process.platform === 'win32' }, () => {
  test('all that is missing at once', t => {
    const computer = new Computer(t);
    computer.uninstall('python3', 'c++');
    const result = computer.setUp();
    assertStops(
      result,
      'Expected Python 3.10 or newer (python3 on the PATH), found none.',
      installPython,
      'Expected a C++ compiler (c++, g++ or clang++), found none.',
      installCompiler,
    );
    assertNothingBegun(result);
    assert.ok(!existsSync(computer.path('node_modules')));
  });

  test('a Python that is too old', t => {
    const computer = new Computer(t);
    computer.install('python3', python('python3', { version: [3, 9, 18] }));
    const result = computer.setUp();
    assertStops(result, 'Expected Python 3.10 or newer', 'found python3 3.9.18.', installPython);
    assert.doesNotMatch(result.stderr, /compiler/);
    assertNothingBegun(result);
  });

  test('a Python without the module venv', t => {
    const computer = new Computer(t);
    computer.install('python3', python('python3', { lacks: ['ensurepip'] }));
    const result = computer.setUp();
    assertStops(result, 'Expected python3 to have the modules venv and ensurepip.', installVenv);
    assertNothingBegun(result);
  });

  test('a compiler that is missing; the next run goes on', t => {
    const computer = new Computer(t);
    computer.uninstall('c++');
    const result = computer.setUp();
    assertStops(result, 'Expected a C++ compiler', installCompiler);
    assert.doesNotMatch(result.stderr, /Python/);
    assertNothingBegun(result);
    computer.install('g++', compiler('g++'));
    assert.equal(computer.setUp().status, 0);
  });

  test('only what the open steps need: a .venv that is there needs no Python beside it', t => {
    const computer = new Computer(t);
    assert.equal(computer.setUp().status, 0);
    rmSync(computer.path('.tensorflow'), { recursive: true });
    computer.uninstall('python3', 'c++');
    const result = computer.setUp();
    assertStops(result, installCompiler);
    assert.doesNotMatch(result.stderr, /Python/);
  });
});

describe('set-up takes', { skip: process.platform === 'win32' }, () => {
  test('the first Python that is new enough, whatever its name', t => {
    const computer = new Computer(t);
    computer.install('python3', python('python3', { version: [3, 9, 18] }));
    computer.install('python3.12', python('python3.12', { version: [3, 12, 1] }));
    const { status, calls } = computer.setUp();
    assert.equal(status, 0);
    assert.deepEqual([runs(calls, 'python3 -m venv'), runs(calls, 'python3.12 -m venv')], [0, 1]);
  });

  test('the Python and the compiler that SCANLINE_PYTHON and CXX name', t => {
    const computer = new Computer(t);
    computer.install('my python', python('my python'));
    computer.install('my c++', compiler('my c++'));
    const SCANLINE_PYTHON = computer.where('my python');
    const { status, calls } = computer.setUp({ SCANLINE_PYTHON, CXX: computer.where('my c++') });
    assert.equal(status, 0);
    assert.deepEqual([runs(calls, 'python3 -m venv'), runs(calls, 'my python -m venv')], [0, 1]);
    assert.deepEqual([runs(calls, 'c++ -std'), runs(calls, 'my c++ -std')], [0, 1]);
  });
});

describe('a step that fails', { skip: process.platform === 'win32' }, () => {
  test('is named with the end of its output; all of it is in the log', t => {
    const computer = new Computer(t);
    const lines = Array.from({ length: 20 }, (_, i) => `npm error line ${i + 1}`);
    computer.install('npm', failing('npm', lines));
    const result = computer.setUp();
    const log = computer.path('out', 'setup.log');
    assertStops(result, 'npm ci ended with status 1:\n', ...lines.slice(-15), `(all of it: ${log})`);
    assert.doesNotMatch(result.stderr, /line 5\n/);
    assert.match(result.stdout, /^Node packages +failed$/m);
    assert.doesNotMatch(result.stdout, /MNIST|Native addon/);
    assert.ok(readFileSync(log, 'utf8').includes(lines.join('\n')));
    computer.install('npm', npm);
    assert.equal(computer.setUp().status, 0);
  });

  test('is where the next run goes on: finished steps are not repeated', t => {
    const computer = new Computer(t);
    computer.install(
      'c++',
      `#!/bin/sh\n[ "$1" = --version ] && echo 13 && exit\necho 'fatal error'; exit 1\n`,
    );
    const broken = computer.setUp();
    assertStops(broken, 'c++ -std=c++17 ended with status 1:\n  fatal error');
    assert.equal(runs(broken.calls, 'npm'), 1);
    computer.install('c++', compiler('c++'));
    const { status, stdout, calls } = computer.setUp();
    assert.equal(status, 0);
    assert.deepEqual(
      stdout.match(/^\w.*(?= \d+\.\d s)/gm)?.map(name => name.trim()),
      ['Native addon'],
    );
    assert.equal(runs(calls, 'npm'), 0);
  });

  test('leaves no half-compiled addon that would be taken for a whole one', t => {
    const computer = new Computer(t);
    computer.install('c++', `${compiler('c++')}kill -9 $$\n`);
    assertStops(computer.setUp(), 'c++ -std=c++17 was ended by SIGKILL');
    const folder = computer.path('node_modules', '@tensorflow', 'tfjs-node', 'lib', 'napi-v8');
    assert.ok(!existsSync(`${folder}/tfjs_binding.node`));
  });

  test('because its program is missing names the program', t => {
    const computer = new Computer(t);
    computer.uninstall('npm');
    assertStops(computer.setUp(), 'Cannot start npm: ');
  });
});

test('a fault of the set-up itself is shown with its stack, and logged', t => {
  const computer = new Computer(t);
  computer.write(
    'scripts/setup/kernel.mjs',
    'export default () => ({ name: "fault", needs: [], problems: () => none });',
  );
  const { status, stderr } = computer.setUp();
  assert.equal(status, 1);
  assert.match(stderr, /Set-up stopped. ReferenceError: none is not defined/);
  assert.match(stderr, /^\s+at .*kernel\.mjs/m);
  assert.match(readFileSync(computer.path('out', 'setup.log'), 'utf8'), /ReferenceError: none/);
});
