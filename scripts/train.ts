/** Train from the shell: `npm run train -- --cell lstm --num-hidden 100 --epochs 1`; `--help` lists all settings. */
import { Command } from 'commander';
import { SingleBar } from 'cli-progress';
import { readDataSets } from '../lib/data';
import { UserError } from '../lib/errors';
import type { TrainPoint } from '../lib/history';
import { parseHyperparameters } from '../lib/hyperparameters';
import { countParameters } from '../lib/model';
import { createRun, resume } from '../lib/training/create_run';
import { train } from '../lib/training/train';
import type { TrainingData } from '../lib/training/trainer';
import type { TrainingRun } from '../lib/training/training_run';
import { addHyperparameterOptions, toHyperparameters } from './command_line';

interface Options {
  data: string;
  name: string;
  runs: string;
  validationSize: number;
  trainSize?: number;
  testSize?: number;
  resume?: string;
}

async function main(options: Options): Promise<void> {
  const { data, name, runs, validationSize, trainSize, testSize, resume: folder, ...given } = options;
  const input = toHyperparameters(given);
  parseHyperparameters(input); // complain before the data is read
  const sets = await readDataSets(data, { oneHot: true, validationSize });
  const trainSet = sets.train.take(trainSize ?? sets.train.numExamples);
  const testSet = sets.test.take(testSize ?? sets.test.numExamples);
  const progress = createProgress();
  const { log, onStep } = progress;
  const run = open({ train: trainSet, test: testSet });
  console.log(`${trainSet.numExamples} training examples, ${testSet.numExamples} test examples`);
  console.log(`${countParameters(run.model)} weights; recording in ${run.folder}`);
  try {
    await train(run, { log, onStep: point => onStep(point, run.totalSteps) });
  } finally {
    progress.stop();
  }
  if (run.status === 'finished') return;
  console.log(`to go on: npm run train -- --resume ${run.folder}`);
  process.exitCode = 130;

  function open(data: TrainingData): TrainingRun {
    if (folder === undefined) return createRun(data, input, { name, directory: runs, log });
    if (Object.keys(input).length > 0) {
      throw new UserError(
        `Expected --resume without other settings, found ${Object.keys(input).join(', ')}: the run keeps its own`,
      );
    }
    return resume(folder, data, { log });
  }
}

/** A bar on a terminal; elsewhere only the lines of the training itself. */
function createProgress() {
  const bar = new SingleBar({
    format: 'epoch {epoch} [{bar}] {value}/{total} steps, {rate} steps/s, {left} left, loss {loss}',
    etaBuffer: 50,
    clearOnComplete: true,
    hideCursor: true,
  });
  return {
    onStep: ({ step, epoch, loss, seconds }: TrainPoint, totalSteps: number) => {
      if (!process.stdout.isTTY) return;
      const left = new Date((seconds / step) * (totalSteps - step) * 1000).toISOString().slice(11, 19);
      const shown = { epoch, rate: (step / seconds).toFixed(1), left, loss: loss.toFixed(3) };
      if (!bar.isActive) bar.start(totalSteps, step, shown);
      else bar.update(step, shown);
    },
    /** A line above the bar. */
    log: (line: string) => {
      if (bar.isActive) process.stdout.write('\r\x1b[K');
      console.log(line);
    },
    stop: () => bar.stop(),
  };
}

const countFrom = (least: number) => (text: string) => {
  const value = Number(text);
  if (text.trim() === '' || !Number.isInteger(value) || value < least) {
    throw new UserError(`Expected a number of examples from ${least} up, found ${text}`);
  }
  return value;
};

const command = new Command('npm run train --')
  .description('Train a recurrent network on images that it reads as sequences, and record the run.')
  .option('--data <folder>', 'the data set; data/fashion-mnist is fetched as well', 'data/mnist')
  .option('--runs <folder>', 'where the run gets a folder of its own', 'runs')
  .option('--name <name>', "part of that folder's name", 'train')
  .option('--train-size <count>', 'use only so many training examples', countFrom(1))
  .option('--test-size <count>', 'use only so many test examples', countFrom(1))
  .option('--validation-size <count>', 'set so many training examples aside', countFrom(0), 5000)
  .option('--resume <folder>', 'go on with a run that was stopped or broke off, from its last checkpoint')
  .action(main);

addHyperparameterOptions(command)
  .parseAsync()
  .catch((error: unknown) => {
    console.error(error instanceof UserError ? error.message : error);
    process.exitCode = 1;
  });
