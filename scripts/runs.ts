/** List the recorded runs, or compare some: `npm run runs -- --sort last`, `npm run runs -- --compare <run> <run>`. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Option } from 'commander';
import { readDataSets } from '../lib/data';
import { projectPath } from '../lib/base/project';
import { compareRuns } from '../lib/runs/compare_runs';
import type { RunOrder } from '../lib/runs/list_runs';
import { showComparison } from '../lib/views/show_comparison';
import { listRuns } from '../lib/views/show_runs';
import { NpmCommand, start } from './npm_command';
import { choiceOption, textOption } from './options';

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
  return existsSync(projectPath(run)) ? run : join(runs, run);
}

export const command = new NpmCommand(
  'npm run runs',
  'List the recorded runs with the settings in which they differ, or compare some of them.',
  ['', '--sort started', '--compare 2026-11-23_09-35-57-train 2026-11-23_10-02-11-train'],
)
  .addOption(textOption('--runs <folder>', 'where the folders of runs are', 'runs'))
  .addOption(
    choiceOption(
      '--sort <order>',
      'the lowest error, the latest or the longest first',
      Object.keys(orders),
      'best',
    ),
  )
  .addOption(
    new Option(
      '--compare <runs...>',
      'compare the first with each other one, on the test images; folders or names',
    ),
  )
  .addOption(textOption('--data <path>', 'the data set whose test images they are compared on', 'data/mnist'))
  .action(main);

if (require.main === module) void start(command);
