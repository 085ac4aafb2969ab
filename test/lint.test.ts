/** The lint rules on imports find what they are there for; see eslint.config.mjs. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { ESLint, type Linter } from 'eslint';
import { configs } from 'typescript-eslint';

const root = join(__dirname, '..');
// The rules that need types are left out, and with them the seconds in which types are made.
const eslint = new ESLint({ cwd: root, overrideConfig: configs.disableTypeChecked as Linter.Config });

/** The rules that object to this text, as if it stood in the file. */
async function objections(file: string, text: string): Promise<(string | null)[]> {
  const [{ messages }] = await eslint.lintText(text, { filePath: join(root, file) });
  return messages.map(({ ruleId }) => ruleId);
}

/** By what they are for: how to import a package, each with the rule that looks at it. */
const ways: readonly { way: string; rule: string; write: (name: string) => string }[] = [
  { way: 'import', rule: 'import', write: name => `import * as it from '${name}';\nconsole.log(it);\n` },
  { way: 'export from', rule: 'import', write: name => `export * from '${name}';\n` },
  { way: 'dynamic import', rule: 'import', write: name => `void import('${name}');\n` },
  { way: 'require', rule: 'require', write: name => `console.log(require('${name}'));\n` },
  { way: 'require.resolve', rule: 'require', write: name => `require.resolve('${name}');\n` },
];
const importTypes = (name: string) => `import type { It } from '${name}';\nexport type That = It;\n`;

/** Installed only because packages of ours need it. */
const undeclared = 'semver';

const everywhere = [
  'lib/index.ts',
  'kernel/launch.js',
  'scripts/lab.ts',
  'bench/bench.ts',
  'test/lint.test.ts',
];

for (const { way, rule, write } of ways) {
  test(`${way}: a package that package.json does not name`, async () => {
    for (const file of everywhere) {
      const found = await objections(file, write(undeclared));
      assert.ok(found.includes(`n/no-extraneous-${rule}`), `${file}: ${found.join()}`);
    }
  });

  test(`${way}: a development package, where users run the code`, async () => {
    for (const file of everywhere) {
      const found = await objections(file, write('fast-check'));
      const mayUseIt = /^(test|bench)/.test(file);
      assert.equal(found.includes(`n/no-unpublished-${rule}`), !mayUseIt, `${file}: ${found.join()}`);
    }
  });
}

test('types of a package that package.json does not name', async () => {
  const found = await objections('lib/index.ts', importTypes(undeclared));
  assert.ok(found.includes('n/no-extraneous-import'), found.join());
  const inline = await objections('lib/index.ts', `export type It = import('${undeclared}').SemVer;\n`);
  assert.ok(inline.includes('no-restricted-syntax'), inline.join());
  // Types of a development package leave no trace in what is run.
  assert.deepEqual(await objections('lib/index.ts', importTypes('plotly.js').replaceAll('It', 'Data')), []);
});

test('what is declared may be imported', async () => {
  for (const name of ['zeromq', 'zod', 'node:fs', './errors']) {
    assert.deepEqual(await objections('lib/index.ts', `export * from '${name}';\n`), []);
  }
});

test('set-up imports nothing that must be installed first', async () => {
  for (const file of ['scripts/setup.mjs', 'scripts/setup/mnist.mjs']) {
    for (const text of [`import 'zod';`, `await import('zod');`, `export * from 'zod';`]) {
      assert.deepEqual(await objections(file, text), ['no-restricted-syntax'], `${file}: ${text}`);
    }
    assert.deepEqual(await objections(file, `import 'node:fs';\nimport './common.mjs';\n`), []);
  }
});

describe('the floors of lib/', () => {
  const order = [
    ...['base', 'settings', 'tfjs', 'data', 'charts', 'compile', 'rnn', 'optimizers', 'model'],
    ...['runs', 'training', 'inspect', 'export', 'search', 'display', 'views'],
  ];
  const refused = async (file: string, from: string) =>
    (await objections(file, `export type { It } from '${from}';\n`)).includes('no-restricted-imports');

  test('none imports from one above it, also in a folder of its own and for types alone', async () => {
    assert.deepEqual(readdirSync(join(root, 'lib')).sort(), [...order, 'index.ts'].sort());
    for (const [i, floor] of order.entries()) {
      for (const above of order.slice(i + 1)) {
        assert.ok(await refused(`lib/${floor}/file.ts`, `../${above}/file`), `${floor} from ${above}`);
        assert.ok(
          await refused(`lib/${floor}/deep/file.ts`, `../../${above}`),
          `${floor}/deep from ${above}`,
        );
      }
      for (const outside of ['../index', '..', '../../kernel/kernel', '../../scripts/train']) {
        assert.ok(await refused(`lib/${floor}/file.ts`, outside), `${floor} from ${outside}`);
      }
    }
  });

  test('and each may import from the lowest; compile from tfjs alone', async () => {
    for (const floor of order.filter(name => !['base', 'compile'].includes(name))) {
      assert.ok(!(await refused(`lib/${floor}/file.ts`, '../base/errors')), floor);
      assert.ok(!(await refused(`lib/${floor}/base.ts`, './display')), `${floor}: a file of the same folder`);
    }
    const fromCompile = await Promise.all(
      order.map(name => refused('lib/compile/file.ts', `../${name}/file`)),
    );
    assert.deepEqual(
      order.filter((_, i) => !fromCompile[i]),
      ['tfjs', 'compile'],
    );
  });

  test('the kernel, scripts, benchmarks and the page stay with what is theirs', async () => {
    assert.ok(await refused('kernel/file.ts', '../lib/training/train'));
    assert.ok(!(await refused('kernel/file.ts', '../lib/display/show')));
    for (const folder of ['scripts', 'bench', 'peers']) {
      assert.ok(await refused(`${folder}/file.ts`, '../test/support/training'));
      assert.ok(await refused(`${folder}/file.ts`, '../kernel/kernel'));
      assert.ok(!(await refused(`${folder}/file.ts`, '../lib/views/train')));
    }
    for (const from of ['../lib/views/train', '../../lib/runs/read_run', '../scripts/page', 'node:fs']) {
      assert.ok(await refused('page/file.ts', from), from);
    }
    for (const from of ['../lib/model/model', '../../lib/inspect/read_image', './file']) {
      assert.ok(!(await refused('page/file.ts', from)), from);
    }
  });
});
