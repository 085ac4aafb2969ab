/** What commands on runs that are there have in common: how a run is named, and with which data it was trained. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { projectPath } from '../lib/base/project';
import { readDataSets } from '../lib/data';
import type { TrainingData } from '../lib/training/trainer';
import { dataSizeOptions, textOption } from './options';
import { takeExamples } from './take_examples';

/** Tables show names of folders; a path is taken as it is. */
export function inFolder(runs: string, run: string): string {
  return existsSync(projectPath(run)) ? run : join(runs, run);
}

export interface DataOptions {
  data: string;
  validationSize: number;
  trainSize?: number;
  testSize?: number;
}

/** Those of `npm run train`, with the same defaults. */
export function addDataOptions(command: Command): void {
  const options = [textOption('--data <path>', 'the data set', 'data/mnist'), ...dataSizeOptions()];
  options.forEach(option => command.addOption(option));
}

export async function readData(options: DataOptions): Promise<TrainingData> {
  const sets = await readDataSets(options.data, { oneHot: true, validationSize: options.validationSize });
  const train = takeExamples(sets.train, options.trainSize, '--train-size');
  return { train, test: takeExamples(sets.test, options.testSize, '--test-size') };
}
