/** A sweep in the current project, begun or gone on with: arguments are the plan as JSON, and Redis's address or none. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readDataSets } from '../../lib/data';
import { projectPath } from '../../lib/base/project';
import { foldersIn } from '../../lib/runs/run_folder';
import { logUniform } from '../../lib/search/space';
import { resumeSweep, sweep } from '../../lib/search/sweep';
import { dataPath } from './project';

export interface SweepPlan {
  readonly trials: number;
  readonly epochs: number;
}

/** The folder of the sweep there, if one was begun. */
export function sweepIn(runs: string): string | undefined {
  const name = foldersIn(runs).find(each => readdirSync(join(runs, each)).includes('sweep.json'));
  return name === undefined ? undefined : join(runs, name);
}

async function main(): Promise<void> {
  const [plan, queue] = process.argv.slice(2);
  const { trials, epochs } = JSON.parse(plan) as SweepPlan;
  const { train, validation, test } = await readDataSets(dataPath, { oneHot: true, validationSize: 60 });
  const data = { train: train.take(160), test: validation.numExamples > 0 ? validation : test };
  const begun = sweepIn(projectPath('runs'));
  const settings = { numLayers: 1, numHidden: 6, batchSize: 20, epochs, testFreq: 4, dropout: 0.1 };
  const space = { learningRate: logUniform(1e-3, 1e-1) };
  const options = { trials, settings, queue, earlyStopping: 'none' as const };
  await (begun ? resumeSweep(begun, data, { queue }) : sweep(data, space, options));
}

if (require.main === module) void main();
