/** Train from the shell: `npm run train -- --cell lstm --num-hidden 100 --epochs 1`; `--help` lists all settings. */
import { Command } from 'commander';
import { SingleBar } from 'cli-progress';
import { readDataSets } from '../lib/data';
import { UserError } from '../lib/errors';
import type { TrainPoint } from '../lib/history';
import { parseHyperparameters } from '../lib/hyperparameters';
import { countParameters, createModel } from '../lib/model';
import { createOptimizer } from '../lib/optimizers';
import { Run } from '../lib/runs/run';
import { fit } from '../lib/train';
import { createTrainStep } from '../lib/train_step';
import { addHyperparameterOptions, toHyperparameters } from './command_line';

interface Options {
  data: string;
  name: string;
  runs: string;
  validationSize: number;
  trainSize?: number;
  testSize?: number;
}

async function train(options: Options): Promise<void> {
  const { data, name, runs, validationSize, trainSize, testSize, ...given } = options;
  const input = toHyperparameters(given);
  parseHyperparameters(input); // complain before the data is read
  const sets = await readDataSets(data, { oneHot: true, validationSize, seed: input.seed });
  const trainSet = sets.train.take(trainSize ?? sets.train.numExamples);
  const testSet = sets.test.take(testSize ?? sets.test.numExamples);
  const hyperparameters = parseHyperparameters(input, trainSet);

  const model = createModel(hyperparameters, trainSet);
  const { optimizer, epochs, batchSize, testFreq } = hyperparameters;
  const trainStep = createTrainStep(model, { ...hyperparameters, optimizer: createOptimizer(optimizer) });
  const run = new Run({ name, hyperparameters, directory: runs });
  console.log(`${trainSet.numExamples} training examples, ${testSet.numExamples} test examples`);
  console.log(`${countParameters(model)} weights; recording in ${run.folder}`);
  const progress = createProgress();
  process.once('SIGINT', () => {
    progress.stop(); // gives the terminal its cursor back
    run.close();
    console.log(`\nstopped after step ${run.train.length}; what was measured is in ${run.folder}`);
    process.exit(130);
  });
  try {
    const { log, onStep } = progress;
    await fit({
      model,
      trainStep,
      train: trainSet,
      test: testSet,
      epochs,
      batchSize,
      testFreq,
      recorder: run,
      log,
      onStep,
    });
  } finally {
    progress.stop();
    run.close();
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
      if (step === 1) bar.start(totalSteps, 1, shown);
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
  .description('Train a recurrent network on images that it reads row by row, and record the run.')
  .option('--data <folder>', 'the data set', 'data/mnist')
  .option('--runs <folder>', 'where the run gets a folder of its own', 'runs')
  .option('--name <name>', "part of that folder's name", 'train')
  .option('--train-size <count>', 'use only so many training examples', countFrom(1))
  .option('--test-size <count>', 'use only so many test examples', countFrom(1))
  .option('--validation-size <count>', 'set so many training examples aside', countFrom(0), 5000)
  .action(train);

addHyperparameterOptions(command)
  .parseAsync()
  .catch((error: unknown) => {
    console.error(error instanceof UserError ? error.message : error);
    process.exitCode = 1;
  });
