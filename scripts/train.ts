/** Train from the shell: `npm run train -- --cell lstm --num-hidden 100 --epochs 1`; `--help` lists all settings. */
import { UserError } from '../lib/base/errors';
import { parseHyperparameters } from '../lib/model/hyperparameters';
import { countParameters } from '../lib/model/model';
import { createRun, resume } from '../lib/training/create_run';
import { train } from '../lib/views/train';
import type { TrainingData } from '../lib/training/trainer';
import type { TrainingRun } from '../lib/training/training_run';
import { addHyperparameterOptions, commandLine, toHyperparameters } from './command_line';
import { NpmCommand, start } from './npm_command';
import { dataSizeOptions, textOption } from './options';
import { readData, type DataOptions } from './run_options';

interface Options extends DataOptions {
  name: string;
  runs: string;
  resume?: string;
}

async function main(options: Options): Promise<void> {
  const { data, name, runs, validationSize, trainSize, testSize, resume: folder, ...given } = options;
  const input = toHyperparameters(given);
  parseHyperparameters(input); // complain before the data is read
  const sets = await readData(options);
  const run = open(sets);
  console.log(`${sets.train.numExamples} training examples, ${sets.test.numExamples} test examples`);
  console.log(`${countParameters(run.model)} weights; recording in ${run.folder}`);
  await train(run);
  if (run.status === 'finished') return;
  // Whatever decides the data: with others it would not go on.
  const same = { data, validationSize, trainSize, testSize, resume: run.folder };
  console.log(`to go on: ${commandLine('train', same)}`);
  process.exitCode = 130;

  function open(data: TrainingData): TrainingRun {
    if (folder === undefined) return createRun(data, input, { name, directory: runs });
    if (Object.keys(input).length > 0) {
      throw new UserError(
        `Expected --resume without other settings, found ${Object.keys(input).join(', ')}: the run keeps its own`,
      );
    }
    return resume(folder, data);
  }
}

export const command = new NpmCommand(
  'npm run train',
  'Train a recurrent network on images that it reads as sequences, and record the run.',
  [
    '--epochs 1 --train-size 6400 --name first',
    '--cell lstm --forget-bias 1 --num-hidden 100',
    '--data data/mnist.npz --name keras',
    '--resume 2026-11-23_09-35-57-first',
  ],
)
  .optionsGroup('Data and folders:')
  .addOption(
    textOption(
      '--data <path>',
      'the data set: a folder with IDX files, PNG files by class or CSV files; a CSV or .npz file; ' +
        'data/fashion-mnist is fetched as well; data/README.md describes all',
      'data/mnist',
    ),
  )
  .addOption(textOption('--runs <folder>', 'where the run gets a folder of its own', 'runs'))
  .addOption(textOption('--name <name>', "part of that folder's name", 'train'))
  .addOption(
    textOption(
      '--resume <folder>',
      'go on with a run that was stopped or broke off, from its last checkpoint',
    ),
  )
  .action(main);

for (const option of dataSizeOptions()) command.addOption(option);
addHyperparameterOptions(command);

if (require.main === module) void start(command);
