/** `npm run train`, as the shell sees it: its output goes to a pipe here. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { after, describe, test } from 'node:test';
import { hyperparameterSettings, parseHyperparameters } from '../lib/model/hyperparameters';
import { readRun } from '../lib/runs/read_run';
import { root } from '../scripts/child_process';
import { examples, writeExamples } from './data/idx_files';

const folder = mkdtempSync(join(tmpdir(), 'scanline-train-'));
after(() => rmSync(folder, { recursive: true }));
const [data, runs] = [join(folder, 'data'), join(folder, 'runs')];
writeExamples(data, examples(5000 + 96), examples(32)); // the first 5000 are set aside for validation

const program = ['-r', 'ts-node/register', join('scripts', 'train.ts')];
const command = [...program, '--data', data, '--runs', runs];

function train(...args: string[]) {
  const start = args.includes('--runs') ? [...program, '--data', data] : command;
  return spawnSync(process.execPath, [...start, ...args], { cwd: root, encoding: 'utf8' });
}

const tiny = ['--num-layers', '1', '--num-hidden', '4', '--batch-size', '16', '--epochs', '2'];
const learningRate = 0.1; // so that the test error changes within so few steps

/** Six steps an epoch, a test after each third; its lines, and what the run's folder holds. */
function trainTiny(...args: string[]) {
  const often = ['--test-freq', '3', '--learning-rate', `${learningRate}`];
  const { status, stdout, stderr } = train(...tiny, ...often, ...args);
  assert.deepEqual([status, stderr], [0, '']);
  const lines = stdout.split('\n');
  const run = /^\d+ weights; recording in (.+)$/.exec(lines[1])?.[1] ?? '';
  const { train: trained, test: tested, hyperparameters: settings, problems } = readRun(run);
  assert.deepEqual(problems, []);
  return { lines, run, settings, trained, tested };
}

/** Whatever depends on the clock left out. */
const numbersOf = ({ trained, tested }: ReturnType<typeof trainTiny>) =>
  [...trained, ...tested].map(point => ({ ...point, seconds: 0 }));

describe('a training', () => {
  const first = trainTiny('--seed', '1', '--name', 'first');

  test('prints the lines of the original program, without control characters', () => {
    const errors = first.tested.map(({ testError }) => testError.toFixed(4));
    assert.deepEqual(first.lines, [
      '96 training examples, 32 test examples',
      first.lines[1],
      'compiling the training step into one TensorFlow graph, some seconds',
      `epoch: 0, steps: 3, avg_test_error: ${errors[0]}`,
      `epoch: 0, steps: 6, avg_test_error: ${errors[1]}`,
      `epoch: 1, steps: 3, avg_test_error: ${errors[2]}`,
      `epoch: 1, steps: 6, avg_test_error: ${errors[3]}`,
      `test error after 2 epochs: ${errors[3]}`,
      '',
    ]);
  });

  test('records settings, each step and each test in a folder of its own, which is named', () => {
    assert.equal(dirname(first.run), runs);
    assert.match(basename(first.run), /^\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d-first$/);
    assert.deepEqual(
      first.settings,
      parseHyperparameters({
        numLayers: 1,
        numHidden: 4,
        batchSize: 16,
        epochs: 2,
        testFreq: 3,
        learningRate,
        seed: 1,
      }),
    );
    const steps = first.trained.map(({ step, epoch }) => [step, epoch]);
    assert.deepEqual(
      steps,
      Array.from({ length: 12 }, (_, i) => [i + 1, i < 6 ? 0 : 1]),
    );
    assert.equal(first.tested.length, 4);
    assert.ok(readdirSync(first.run).some(file => file.startsWith('events.out.tfevents.')));
  });

  test('with the same seed gives the same numbers, with another seed others', () => {
    const again = trainTiny('--seed', '1');
    assert.deepEqual(again.lines.slice(2), first.lines.slice(2));
    assert.deepEqual(numbersOf(again), numbersOf(first));
    assert.notDeepEqual(numbersOf(trainTiny('--seed', '2')), numbersOf(first));
  });

  test('takes settings of the cell and the optimizer, and part of the data', () => {
    const cell = ['--cell', 'lstm', '--forget-bias', '0.5', '--peepholes'];
    const { settings, lines } = trainTiny(
      ...[...cell, '--optimizer', 'sgd', '--momentum', '0.9'],
      ...['--train-size', '48', '--test-size', '8'],
    );
    const expected = parseHyperparameters({
      cell: { kind: 'lstm', forgetBias: 0.5, peepholes: true },
      optimizer: { kind: 'sgd', momentum: 0.9 },
    });
    assert.deepEqual({ ...settings, cell: expected.cell, optimizer: expected.optimizer }, settings);
    assert.equal(lines[0], '48 training examples, 8 test examples');
    assert.equal(lines.filter(line => line.startsWith('epoch: ')).length, 2);
  });
});

test('what is inside its network can be asked for afterwards', () => {
  const { run, tested } = trainTiny();
  const inspect = ['-r', 'ts-node/register', join('scripts', 'inspect.ts'), '--data', data, run];
  const { status, stdout, stderr } = spawnSync(process.execPath, inspect, { cwd: root, encoding: 'utf8' });
  assert.deepEqual([status, stderr], [0, '']);
  const { testError } = tested[tested.length - 1];
  assert.match(stdout, /Half of the answers are settled after time step \d of 2/);
  assert.match(stdout, /of 4 units; the error with all is/);
  assert.match(stdout, new RegExp(`^${Math.round(32 * testError)} mistakes`, 'm'));
  assert.match(stdout, /Over 4 tests \d+ images were forgotten/);
});

test('reads columns or blocks, in both directions, and pools the outputs, as asked for', () => {
  const { settings } = trainTiny('--sequence', 'columns', '--pooling', 'mean', '--bidirectional', 'true');
  const expected = { sequence: { kind: 'columns' }, pooling: { kind: 'mean' }, bidirectional: true };
  assert.deepEqual({ ...settings, ...expected }, settings);
  const blocks = trainTiny(
    ...['--sequence', 'blocks', '--block-size', '1', '--pooling', 'attention', '--pooling-size', '3'],
  );
  const others = {
    sequence: { kind: 'blocks', blockSize: 1 },
    pooling: { kind: 'attention', poolingSize: 3 },
  };
  assert.deepEqual({ ...blocks.settings, ...others }, blocks.settings);
});

test('--help lists every hyperparameter with its default', () => {
  const { status, stdout } = train('--help');
  assert.equal(status, 0);
  const text = stdout.replace(/\s+/g, ' ');
  for (const { name, description, default: value } of hyperparameterSettings) {
    const option = `--${name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)} `;
    const entry = text.split(/ (?=--[a-z])/).find(part => part.startsWith(option)) ?? '';
    assert.ok(entry.includes(description), `${option}without "${description}": ${entry}`);
    assert.ok(
      entry.includes(`[${String(value)}]`),
      `${option}without its default ${String(value)}: ${entry}`,
    );
  }
});

test('Ctrl-C ends it, and what was measured is kept', async () => {
  const args = ['--batch-size', '16', '--epochs', '1000', '--test-freq', '3', '--name', 'stopped'];
  args.push('--test-size', '20');
  const child = spawn(process.execPath, [...command, ...tiny.slice(0, 4), ...args], { cwd: root });
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => {
    printed += String(chunk);
    if (printed.includes('epoch: 1,') && !child.killed) child.kill('SIGINT');
  });
  const [status] = (await once(child, 'close')) as [number | null];
  assert.equal(status, 130);
  const [, steps, options, run] =
    /\nstopped after step (\d+) of 6000\nto go on: npm run train -- (.+) --resume (.+)\n$/.exec(printed) ??
    [];
  assert.equal(options, `--data ${data} --validation-size 5000 --test-size 20`);
  const lines = readFileSync(join(run, 'metrics.jsonl'), 'utf8').trim().split('\n');
  const points = lines.map(line => JSON.parse(line) as { step: number; loss?: number });
  assert.equal(points.filter(({ loss }) => loss !== undefined).length, Number(steps));
  assert.ok(Number(steps) >= 9);

  const again = spawn(process.execPath, [...program, ...options.split(' '), '--resume', run], { cwd: root });
  again.stdout.on('data', (chunk: Buffer) => String(chunk).includes('epoch: ') && again.kill('SIGINT'));
  await once(again, 'close');
  const longer = readFileSync(join(run, 'metrics.jsonl'), 'utf8').split('\n');
  assert.deepEqual(longer.slice(0, lines.length), lines);
  assert.ok(longer.length > lines.length + 1);
  const { status: refused, stderr } = train('--resume', run, '--dropout', '0.1');
  assert.equal(refused, 1);
  assert.equal(stderr, 'Expected --resume without other settings, found dropout: the run keeps its own\n');
});

const cellKinds = hyperparameterSettings.find(({ name }) => name === 'cell')?.choices ?? [];

describe('refused with status 1 and the complaint alone, and no run is made:', () => {
  const none = join(folder, 'none');

  function refuses(args: string[], ...lines: string[]): void {
    const { status, stdout, stderr } = train('--runs', none, ...args);
    assert.deepEqual([status, stdout], [1, '']);
    assert.deepEqual(stderr.trimEnd().split('\n'), lines);
    assert.ok(!existsSync(none));
  }

  test('impossible settings, all at once', () =>
    refuses(
      ['--cell', 'rnn', '--num-layers', '0', '--dropout', '1', '--learning-rate', 'fast'],
      'Expected possible hyperparameters, found',
      `  --cell: found "rnn"; allowed: ${cellKinds.join(', ')}; did you mean irnn?`,
      '  --num-layers: found 0; allowed: an integer from 1 to 16',
      '  --dropout: found 1; allowed: a number from 0 to below 1',
      '  --learning-rate: found "fast"; allowed: a number above 0 to 10',
    ));

  test('a setting that this kind of cell does not have', () =>
    refuses(
      ['--cell', 'mgu', '--forget-bias', '1'],
      'Expected possible hyperparameters, found',
      '  --forget-bias: no such setting; this kind has none; those of kind lstm, cifgLstm, layerNormLstm, gridLstm, ' +
        'bidirectionalGridLstm, timeFreqLstm, grid1Lstm, grid2Lstm, grid3Lstm have it',
    ));

  test('a batch larger than the data', () =>
    refuses(
      ['--train-size', '32', '--batch-size', '33'],
      'Expected possible hyperparameters, found',
      '  --batch-size: found 33; allowed: at most the 32 examples of the training data',
    ));

  test('images that do not fit the sequence', () =>
    refuses(
      ['--sequence', 'rowsAndColumns'],
      'Expected square images for the sequence rowsAndColumns, found 2 × 3 pixels: choose rows or columns',
    ));

  test('an unknown option', () =>
    refuses(
      ['--num-hiden', '4'],
      'Expected an option of npm run train, found --num-hiden; did you mean --num-hidden?',
      'npm run train -- --help lists what there is',
    ));

  test('more examples than there are', () =>
    refuses(['--test-size', '33'], 'Expected --test-size of at most the 32 examples there are, found 33'));

  test('a size that is no count', () =>
    refuses(
      ['--train-size', 'some'],
      'Expected --train-size to be an integer from 1 to 1000000, found some',
    ));
});
