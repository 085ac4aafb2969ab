/** The set-up with a real Python and its real pip, on package indexes that misbehave. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test, type TestContext } from 'node:test';
import { venvPython } from '../../scripts/child_process';
import { Computer } from './computer';
import { startIndex, type Behaviour } from './package_index';

const packages = ['jupyterlab==1.0:server,widgets', 'server==2.0:widgets', 'widgets==3.1', 'nbclient==0.1'];

/** The Python that .venv was made from: one of .venv itself makes environments without pip in some releases. */
const basePython = () =>
  spawnSync(venvPython, ['-c', 'import sys; print(sys._base_executable)'], {
    encoding: 'utf8',
  }).stdout.trim();

/**
 * Stands for Python: environments are copies of one that it has made before, which saves two seconds of processor time each.
 */
const pythonWith = (environment: string) => `#!/bin/sh
if [ "$1 $2" = '-m venv' ]; then exec /bin/cp -Rp '${environment}' "$3"; fi
exec '${basePython()}' "$@"
`;

// Side by side: they wait more than they work.
const options = { skip: process.platform === 'win32', concurrency: 3 };

describe('set-up with a package index that', options, () => {
  let folder: string;
  /** An environment without packages. */
  let environment: string;

  before(() => {
    environment = mkdtempSync(join(tmpdir(), 'scanline-environment-'));
    const { status, stderr } = spawnSync(basePython(), ['-m', 'venv', environment]);
    assert.equal(status, 0, String(stderr));
    folder = mkdtempSync(join(tmpdir(), 'scanline-index-'));
    const program = join(__dirname, 'make_packages.py');
    const made = spawnSync(venvPython, [
      program,
      folder,
      ...packages,
      'tensorflow-cpu==2.21.0',
      'tensorflow==2.21.0',
    ]);
    assert.equal(made.status, 0, String(made.stderr));
  });
  after(() => [folder, environment].forEach(place => rmSync(place, { recursive: true })));

  interface Result {
    status: number | null;
    stdout: string;
    stderr: string;
    computer: Computer;
  }

  /** @param more further indexes, beside the one that misbehaves */
  async function setUp(t: TestContext, behaviour: Behaviour, more: string[] = []): Promise<Result> {
    const computer = new Computer(t);
    computer.write('requirements.txt', 'jupyterlab==1.0\n');
    computer.write(
      'constraints.txt',
      'server==2.0\nwidgets==3.1\nonly-on-a-mac==1.0 ; sys_platform == "mac"\n',
    );
    computer.install('python3', pythonWith(environment));
    const index = await startIndex(folder, behaviour);
    t.after(() => index.stop());
    const child = spawn(process.execPath, [computer.path('scripts', 'setup.mjs')], {
      env: computer.environment({
        PIP_CONFIG_FILE: '/dev/null', // whatever the user's own settings are
        PIP_INDEX_URL: index.url,
        PIP_EXTRA_INDEX_URL: more.join(' '),
      }),
    });
    const result = { status: null, stdout: '', stderr: '', computer };
    child.stdout.on('data', chunk => (result.stdout += String(chunk)));
    child.stderr.on('data', chunk => (result.stderr += String(chunk)));
    const status = await new Promise<number | null>(resolve => child.once('close', resolve));
    return { ...result, status };
  }

  function assertInstalled({ status, stdout, stderr, computer }: Result): void {
    assert.equal(status, 0, stdout + stderr);
    const versions = 'm.version(name) for name in ["jupyterlab", "server", "widgets"]';
    const code = `import importlib.metadata as m, sys; print(*(${versions}), sys.dont_write_bytecode)`;
    const found = spawnSync(computer.path('.venv', 'bin', 'python'), ['-c', code], {
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' }, // as in many container images
      encoding: 'utf8',
    });
    assert.equal(found.stdout, '1.0 2.0 3.1 False\n');
    assert.ok(existsSync(computer.path('.tensorflow', 'libtensorflow_cc.so.2')));
    assert.ok(!existsSync(computer.path('.venv', 'pip', 'packages')), 'what pip fetched is cleared away');
  }

  function assertNothingAnswers({ status, stderr }: Result, reason: string): void {
    assert.equal(status, 1);
    assert.match(stderr, /Expected a Python package index that answers, found none:/);
    assert.match(stderr, new RegExp(`^  http://127\\.0\\.0\\.1:\\d+/simple: ${reason}, 4 times$`, 'm'));
    assert.match(stderr, /HTTPS_PROXY/);
    assert.match(stderr, /pip config set global\.index-url/);
    assert.doesNotMatch(stderr, /^\s+at /m);
  }

  test('works', async t => assertInstalled(await setUp(t, 'works')));

  test('refuses: ends with what was tried and what to do', async t => {
    assertNothingAnswers(await setUp(t, 'refuses'), 'connection refused');
  });

  test('hangs: ends with what was tried and what to do', async t => {
    assertNothingAnswers(await setUp(t, 'hangs'), 'no answer');
  });

  test('breaks off in the middle of each page and file: fetches them one by one', async t => {
    assertInstalled(await setUp(t, 'breaks off'));
  });

  test('fails at every second request', async t =>
    assertInstalled(await setUp(t, 'fails every second request')));

  test('refuses, beside one that works: leaves it out and says so', async t => {
    const good = await startIndex(folder, 'works');
    t.after(() => good.stop());
    const result = await setUp(t, 'refuses', [good.url]);
    assertInstalled(result);
    assert.match(
      result.stdout,
      /^Python packages .* left out: http:\/\/127\.0\.0\.1:\d+\/simple \(connection refused\)$/m,
    );
  });
});
