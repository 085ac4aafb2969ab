/** List the recorded runs, or compare some: `npm run runs -- --sort last`, `npm run runs -- --compare <run> <run>`. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { readDataSets } from '../lib/data';
import { UserError } from '../lib/errors';
import { projectPath } from '../lib/project';
import { compareRuns } from '../lib/runs/compare_runs';
import type { RunOrder } from '../lib/runs/list_runs';
import { showComparison } from '../lib/runs/show_comparison';
import { listRuns } from '../lib/runs/show_runs';

const orders: Record<string, RunOrder> = {
  best: 'bestTestError',
  last: 'lastTestError',
  started: 'started',
  time: 'seconds',
};

interface Options {
  runs: string;
  sort: string;
  compare?: string[];
  data: string;
}

async function main({ runs, sort, compare, data }: Options): Promise<void> {
  if (!compare) {
    listRuns({ directory: runs, sortBy: orders[sort] });
    return;
  }
  const { test } = await readDataSets(data, { validationSize: 0 });
  await showComparison(
    compareRuns(
      compare.map(run => inFolder(runs, run)),
      { test },
    ),
  );
}

/** The table shows names of folders; a path is taken as it is. */
function inFolder(runs: string, run: string): string {
  const path = projectPath(join(runs, run));
  return existsSync(path) ? path : run;
}

new Command('npm run runs --')
  .description('List the recorded runs with the settings in which they differ, or compare some of them.')
  .option('--runs <folder>', 'where the folders of runs stand', 'runs')
  .addOption(
    new Option('--sort <order>', 'the lowest error, the latest or the longest first')
      .choices(Object.keys(orders))
      .default('best'),
  )
  .option('--compare <runs...>', 'compare the first with each other one, on the test images')
  .option('--data <folder>', 'the data set whose test images they are compared on', 'data/mnist')
  .action(main)
  .parseAsync()
  .catch((error: unknown) => {
    console.error(error instanceof UserError ? error.message : error);
    process.exitCode = 1;
  });
