/** All npm commands: one form of help, examples that can be typed, and complaints that say what was meant. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { CommanderError } from 'commander';
import { UserError } from '../lib/base/errors';
import { hyperparameterSettings } from '../lib/model/hyperparameters';
import { optionName } from '../lib/settings/settings';
import { root } from '../scripts/child_process';
import { checkSwallowedOptions } from '../scripts/swallowed_options';
import { commands, shellWords } from './support/commands';

/** What the user is told of these arguments; undefined if they are accepted. */
function complaint(script: string, ...args: string[]): string | undefined {
  try {
    commands[script].parse(args, { from: 'user' });
    return undefined;
  } catch (error) {
    if (error instanceof CommanderError) return commands[script].complaint(error);
    if (error instanceof UserError) return error.message;
    throw error;
  }
}

const settings = new Set(hyperparameterSettings.map(({ name }) => optionName(name)));

/** Those of train and sweep are complained of all at once, when the run is made. */
const isSetting = (script: string, name: string) => ['train', 'sweep'].includes(script) && settings.has(name);

/** The first of the values that the description allows. */
const valueOf = (description: string) =>
  (/from (-?\d+)/.exec(description) ?? /; (?:of )?([^;,]+)/.exec(description))?.[1] ?? 'x';

/** A test of commands that have what it is about. */
function testWhere(applies: boolean, name: string, check: () => void): void {
  if (applies) test(name, check);
}

for (const [script, command] of Object.entries(commands)) {
  describe(command.typed, () => {
    const options = command.options.map(option => ({ option, name: `--${option.name()}` }));
    const values = options.filter(({ option }) => option.required);
    const [known = ''] = options.map(({ name }) => name);

    test('is started as it says', () => {
      assert.equal(command.typed, ['test', 'start'].includes(script) ? `npm ${script}` : `npm run ${script}`);
    });

    for (const width of [60, 80, 200]) {
      test(`the help fits ${width} columns, one option after the other, with a default or a range where there is one`, () => {
        command.configureOutput({ getOutHelpWidth: () => width });
        const [help, examples] = command.helpInformation().split('\nExamples:\n');
        for (const line of help.split('\n')) assert.ok(line.length <= width, line);
        for (const line of examples.split('\n')) assert.ok(line.length <= 80, line);
        assert.match(help, new RegExp(`^Usage: ${command.typed}( -- .*|)\n\n[A-Z][^.]*\\.\n`));
        for (const { option } of options) {
          assert.match(option.description, /^\S.{3}/);
          if (option.required && option.defaultValue !== undefined) {
            assert.ok(option.description.endsWith(`[${String(option.defaultValue)}]`), option.flags);
          }
        }
      });
    }

    test('the examples are accepted, and each needs the two dashes for its options only', () => {
      assert.ok(command.examples.length > 0);
      for (const example of command.examples) {
        assert.equal(complaint(script, ...shellWords(example)), undefined, example);
        const dashes = example.includes('--') ? '-- ' : '';
        const line = `  ${command.typed} ${dashes}${example}`.trimEnd();
        assert.ok(command.helpInformation().split('\n').includes(line), line);
      }
    });

    testWhere(
      options.length > 0,
      'an option that is misspelled is suggested, also with a value behind "="',
      () => {
        for (const { name } of options) {
          const wrong = `${name.slice(0, 3)}x${name.slice(3)}`;
          const expected = `Expected an option of ${command.typed}, found ${wrong}; did you mean ${name}`;
          assert.ok(complaint(script, wrong)?.startsWith(expected), wrong);
          assert.ok(complaint(script, `${wrong}=1`)?.startsWith(expected), wrong);
        }
      },
    );

    testWhere(values.length > 0, 'a value that is missing, empty or another option is refused', () => {
      for (const { name, option } of values) {
        assert.ok(complaint(script, name)?.startsWith(`Expected a value after ${name}, found none`), name);
        const other = complaint(script, name, known);
        assert.equal(other, `Expected a value after ${name}, found the option ${known}: ${option.flags}`);
        if (option.variadic) continue;
        if (!isSetting(script, name))
          assert.match(complaint(script, `${name}=`) ?? '', /^Expected .*--/, name);
      }
    });

    testWhere(options.length > 0, 'an option given twice is refused', () => {
      for (const { option, name } of options.filter(({ option }) => !option.variadic)) {
        const value = option.required
          ? [`${String(option.defaultValue ?? valueOf(option.description))}`]
          : [];
        const twice = complaint(script, name, ...value, name, ...value);
        assert.equal(twice, `Expected ${name} once, found it twice: leave one out`);
      }
    });

    const numbers = values.filter(
      ({ option, name }) => /an? (integer|number) from/.test(option.description) && !isSetting(script, name),
    );
    testWhere(numbers.length > 0, 'a number that is none or out of range is refused', () => {
      for (const { name } of numbers) {
        for (const value of ['NaN', '1e999', '-1', 'some', '1e12', '']) {
          const found = complaint(script, `${name}=${value}`);
          assert.match(
            found ?? '',
            new RegExp(`^Expected ${name} to be an? (integer|number) from`),
            `${name} ${value}`,
          );
        }
      }
    });
  });
}

test('arguments where there are none', () => {
  assert.match(complaint('golden', 'all') ?? '', /^Expected options only, found all/);
  assert.match(complaint('fetch-data', 'mnist', 'x') ?? '', /^Expected at most 1 argument, found mnist x/);
  assert.match(complaint('fetch-data', 'fashion') ?? '', /; did you mean fashion-mnist\?$/);
  assert.match(complaint('bench', 'quik') ?? '', /; did you mean quick\?$/);
});

test('a file to be written that is a folder', () => {
  for (const script of ['seeds', 'compare-cells']) {
    const expected = 'Expected --out to be a file, found the folder lib: give the file a name';
    assert.equal(complaint(script, '--out', 'lib'), expected);
  }
});

test('settings may be written as in code', () => {
  assert.match(complaint('train', '--numHidden', '4') ?? '', /; did you mean --num-hidden\?/);
  assert.match(complaint('train', '--cell.forgetBias', '1') ?? '', /; did you mean --forget-bias\?/);
});

test('names of cells and tasks are checked before anything is read', () => {
  assert.match(
    complaint('compare-cells', '--cells', 'LSTM, peephole') ?? '',
    /; did you mean LSTM, peepholes\?$/,
  );
  assert.match(complaint('compare-cells', '--tasks', 'row,blocks') ?? '', /found row; did you mean rows\?$/);
});

describe('options without the two dashes, which npm keeps for itself', () => {
  const found = (script: string, environment: NodeJS.ProcessEnv, ...args: string[]) => {
    try {
      checkSwallowedOptions(commands[script], args, { npm_lifecycle_event: script, ...environment });
      return undefined;
    } catch (error) {
      return (error as Error).message.split(', found ')[0];
    }
  };

  test('are put into the line as it should be', () => {
    const typed = 'Expected npm run train -- ';
    assert.equal(found('train', { npm_config_epochs: 'true' }, '1'), `${typed}--epochs 1`);
    assert.equal(found('train', { npm_config_num_layers: '2' }), `${typed}--num-layers 2`);
    assert.equal(found('train', { npm_config_epoch: 'true' }, '1'), `${typed}--epochs 1`);
    const two = { npm_config_epochs: 'true', npm_config_seed: 'true' };
    assert.equal(found('train', two, '1', '2'), `${typed}--epochs … --seed …`);
    assert.equal(
      found('compare-cells', { npm_config_training: '' }),
      'Expected npm run compare-cells -- --no-training',
    );
    assert.equal(found('test', { npm_config_jobs: 'true' }, '2'), 'Expected npm test -- --jobs 2');
  });

  test("what npm or the user's environment sets is none of them", () => {
    const usual = {
      npm_config_cache: '/a',
      npm_config_fund: '',
      npm_config_prefix: '/usr',
      npm_config_call: '',
    };
    assert.equal(found('train', usual), undefined);
    assert.equal(found('runs', usual), undefined);
    assert.equal(found('test', { npm_config_jobs: '4' }), undefined);
    assert.equal(found('compare-cells', { npm_config_timing: 'true' }), undefined);
    // Another command's: this one was not started by npm itself.
    assert.equal(found('train', { npm_config_epochs: '1', npm_lifecycle_event: 'test' }), undefined);
  });

  test('npm really does keep them', () => {
    const { status, stdout, stderr } = spawnSync('npm', ['run', '-s', 'runs', '--sort', 'started'], {
      cwd: root,
      encoding: 'utf8',
      shell: process.platform === 'win32',
    });
    assert.deepEqual([status, stdout], [1, '']);
    assert.match(stderr, /Expected npm run runs -- --sort started, found --sort without the two dashes/);
  });
});

test('setup and doctor have a help too, and take no arguments', () => {
  for (const script of ['setup', 'doctor']) {
    const run = (...args: string[]) =>
      spawnSync(process.execPath, [join('scripts', `${script}.mjs`), ...args], {
        cwd: root,
        encoding: 'utf8',
      });
    const { status, stdout } = run('--help');
    assert.equal(status, 0);
    assert.match(
      stdout,
      new RegExp(`^Usage: npm run ${script}\n\n[A-Z][^.]*\\.\n[^]*\nExamples:\n  npm run ${script}\n$`),
    );
    const refused = run('--quick');
    assert.deepEqual([refused.status, refused.stdout], [1, '']);
    assert.match(refused.stderr, new RegExp(`^Expected no arguments after npm run ${script}, found --quick`));
  }
});
