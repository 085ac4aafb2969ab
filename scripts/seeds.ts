/**
 * The original program's settings beside better ones, or those of given runs, each with several seeds: `npm run seeds`.
 * Runs that have finished are not made again, one that was stopped goes on; so it can be ended at any time by Ctrl-C. The
 * results of those two go to out/seeds.json, or with --renew to notebooks/results/seeds.json, which
 * notebooks/02-hyperparameters.ipynb shows.
 */
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Option } from 'commander';
import { range } from '../lib/base/range';
import { median } from '../lib/base/statistics';
import { parseHyperparameters, type HyperparametersInput } from '../lib/model/hyperparameters';
import { writeWhole } from '../lib/base/files/files';
import { readRun, type StoredRun } from '../lib/runs/read_run';
import { compareGroups, showGroupComparison } from '../lib/views/groups/compare_groups';
import { root } from './child_process';
import { sameCommandLine } from './command_line';
import { NpmCommand, start } from './npm_command';
import { fileOption, numberOption, queueOption, textOption } from './options';
import { QueuedRuns } from './queued_runs';
import { recipes } from './recipes/recipes';
import { addDataOptions, inFolder, readData, type DataOptions } from './run_options';
import { plansOf, seedsOf, type SeedPlan } from './seeds/of_runs';
import { inTurn, trainedRun } from './trained_runs';

const configurations: Record<string, HyperparametersInput> = {
  post: recipes.post.settings,
  better: recipes.better.settings,
};

const committed = join('notebooks', 'results', 'seeds.json');

interface Options extends DataOptions {
  of?: string[];
  seeds: number;
  runs: string;
  out: string;
  queue?: string;
  renew?: boolean;
}

async function main({ of, seeds: count, runs: directory, out, renew, ...options }: Options): Promise<void> {
  const data = await readData(options);
  const given = of?.map(run => readRun(inFolder(directory, run)));
  const plans = given
    ? plansOf(given, data)
    : Object.entries(configurations).map(([name, input]) => ({
        name,
        settings: parseHyperparameters(input),
      }));
  const seeds = given ? seedsOf(given, count, directory) : range(count);
  const rows: Row[] = [];
  const todo = plans.flatMap(plan => seeds.map(seed => ({ ...plan, seed })));
  const queue = await QueuedRuns.open(options.queue, data, directory);
  const begin = ({ name, settings, seed }: SeedPlan & { seed: number }) => {
    const place = { directory, name: name.replace(/[^\w.-]+/g, '-'), group: name, queue };
    return trainedRun({ ...settings, seed }, data, place);
  };
  const result = inTurn(todo, begin, queue);
  try {
    for (const [i, { name, seed }] of todo.entries()) {
      console.log(`== ${i + 1} of ${todo.length}: ${name}, seed ${seed}`);
      const run = await result(i);
      if (!run) {
        console.log(`to go on: ${sameCommandLine('seeds')}`);
        return void (process.exitCode = 130);
      }
      console.log(`   test error ${run.lastTestError?.toFixed(4)}`);
      rows.push({ configuration: name, seed, run });
    }
  } finally {
    await queue?.end();
  }
  if (!given) write(join(root, renew ? committed : out), rows);
  const groups = plans.map(({ name }) =>
    rows.filter(({ configuration }) => configuration === name).map(({ run }) => run),
  );
  for (const [i, { name }] of plans.entries()) {
    const errors = groups[i].map(({ lastTestError = NaN }) => lastTestError);
    console.log(`${name}: median ${median(errors).toFixed(4)} of ${errors.join(', ')}`);
  }
  if (plans.length > 1 && seeds.length > 1) {
    await showGroupComparison(compareGroups(groups, { test: data.test }));
  }
}

interface Row {
  readonly configuration: string;
  readonly seed: number;
  readonly run: StoredRun;
}

function write(path: string, rows: readonly Row[]): void {
  const results = rows.map(({ configuration, seed, run }) => ({
    configuration,
    seed,
    settings: configurations[configuration],
    testError: run.lastTestError,
    steps: run.train.length,
    made: run.info.ended,
    versions: run.info.versions,
  }));
  mkdirSync(dirname(path), { recursive: true });
  writeWhole(path, [`${JSON.stringify(results, null, 2)}\n`]);
}

export const command = new NpmCommand(
  'npm run seeds',
  "Train settings with several seeds and compare them: the original program's and better ones, or those of your runs.",
  [
    '',
    '--seeds 2 --runs runs/two --out out/two.json',
    '--of 2026-11-23_09-35-57-first 2026-11-23_10-02-11-gru',
  ],
)
  .addOption(
    new Option(
      '--of <runs...>',
      'the settings of these runs, in place of those two; folders or names of one run each',
    ),
  )
  .addOption(
    numberOption('--seeds <count>', 'how many seeds of each, those that are there among them', {
      minimum: 1,
      maximum: 1000,
      unit: 'seeds',
      default: 5,
    }),
  )
  .addOption(queueOption())
  .addOption(textOption('--runs <folder>', 'where the folders of runs are', 'runs'))
  .addOption(fileOption('--out <file>', 'where the results go', join('out', 'seeds.json')))
  .option('--renew', `write them to ${committed}, which the notebooks show`)
  .action(main);

addDataOptions(command);

if (require.main === module) void start(command);
