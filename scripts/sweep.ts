/**
 * Search for good settings from the shell: `npm run sweep -- --trials 50 --learning-rate 1e-4..1e-2 --cell gru,lstm`.
 * Each setting takes a value, several with commas between them, or a range.
 */
import { tableText } from '../lib/display/table';
import { readDataSets } from '../lib/data';
import { UserError } from '../lib/base/errors';
import { readSweepInfo } from '../lib/search/sweep_file';
import type { SweepOptions } from '../lib/search/sweep';
import type { SweepResult } from '../lib/search/sweep_result';
import { resumeSweep, sweep } from '../lib/views/sweep';
import { sweepTable } from '../lib/views/sweep_table';
import { addHyperparameterOptions, commandLine } from './command_line';
import { NpmCommand, start } from './npm_command';
import { choiceOption, dataSizeOptions, numberOption, queueOption, textOption } from './options';
import type { DataOptions } from './run_options';
import { toSpace } from './sweep_space';
import { takeExamples } from './take_examples';

interface Options extends DataOptions, Pick<SweepOptions, 'method' | 'trials' | 'points' | 'queue' | 'name'> {
  searchSeed: number;
  earlyStopping: SweepOptions['earlyStopping'];
  graceTests: number;
  parallel?: number;
  runs: string;
  resume?: string;
}

async function main(options: Options): Promise<void> {
  const { method, trials, points, searchSeed, earlyStopping, graceTests, parallel, queue, name, ...others } =
    options;
  const {
    data: path,
    runs: directory,
    validationSize,
    trainSize,
    testSize,
    resume: folder,
    ...given
  } = others;
  const { space, settings } = toSpace(given);
  const sets = await readDataSets(path, { oneHot: true, validationSize });
  const data = {
    train: takeExamples(sets.train, trainSize, '--train-size'),
    test: takeExamples(sets.validation, testSize, '--test-size'),
  };
  const common = { processes: parallel, queue };
  const search = (): Promise<SweepResult> => {
    if (folder === undefined) {
      const search = { method, trials, points, seed: searchSeed, earlyStopping, graceTests };
      return sweep(data, space, { ...common, ...search, settings, name, directory });
    }
    if (Object.keys(given).length === 0) return resumeSweep(folder, data, common);
    const found = Object.keys(given).join(', ');
    throw new UserError(`Expected --resume without settings, found ${found}: the sweep keeps its own`);
  };
  const result = await search();
  const { trials: all } = readSweepInfo(result.folder);
  console.log(`\n${tableText(sweepTable(result.space, all))}`);
  if (all.every(({ state }) => state !== 'waiting' && state !== 'interrupted')) return;
  const same = { data: path, validationSize, trainSize, testSize, resume: result.folder };
  console.log(`to go on: ${commandLine('sweep', same)}`);
  process.exitCode = 130;
}

export const command = new NpmCommand(
  'npm run sweep',
  'Search for good settings: train a run for each of many, compared by validation images.',
  [
    '--trials 20 --learning-rate 1e-4..1e-2 --cell gru,lstm',
    '--method grid --dropout 0,0.2,0.5 --epochs 1',
    '--queue redis://localhost --trials 50 --num-hidden 50..300',
  ],
)
  .optionsGroup('Search:')
  .addOption(numberOption('--trials <count>', 'how many, unless it is a grid', { minimum: 1, maximum: 1e5 }))
  .addOption(
    choiceOption(
      '--method <method>',
      'at random, each with each, or learning from the trials before',
      ['random', 'grid', 'tpe'],
      'random',
    ),
  )
  .addOption(
    numberOption('--points <count>', 'of a grid: values of each range, without it 3', {
      minimum: 2,
      maximum: 1000,
    }),
  )
  .addOption(
    numberOption('--search-seed <number>', 'decides which settings are tried', {
      ...{ minimum: 0, maximum: 2 ** 31 - 1, default: 0 },
    }),
  )
  .addOption(
    choiceOption(
      ...([
        '--early-stopping <rule>',
        'when a hopeless trial is stopped',
        ['median', 'halving', 'hyperband', 'none'],
        'median',
      ] as const),
    ),
  )
  .addOption(
    numberOption('--grace-tests <count>', 'that each trial may make before it can be stopped', {
      ...{ minimum: 1, maximum: 1e6, unit: 'tests', default: 3 },
    }),
  )
  .addOption(
    numberOption('--parallel <count>', 'how many side by side here, or of TPE in the queue; without it one', {
      ...{ minimum: 1, maximum: 1024, unit: 'trials' },
    }),
  )
  .addOption(queueOption())
  .optionsGroup('Data and folders:')
  .addOption(textOption('--data <path>', 'the data set; data/README.md describes all kinds', 'data/mnist'))
  .addOption(textOption('--runs <folder>', 'where the sweep and its runs get folders', 'runs'))
  .addOption(textOption('--name <name>', 'part of their names', 'search'))
  .addOption(textOption('--resume <folder>', 'go on with a sweep that was stopped or broke off'))
  .action(main);

for (const option of dataSizeOptions('compare by only so many validation examples'))
  command.addOption(option);
addHyperparameterOptions(command);

if (require.main === module) void start(command);
