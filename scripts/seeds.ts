/**
 * The original program's settings beside better ones, each with several seeds: `npm run seeds`. Runs that have finished
 * are not made again, one that was stopped goes on; so it can be ended at any time by Ctrl-C. The results go to
 * out/seeds.json, or with --renew to notebooks/results/seeds.json, which notebooks/02-hyperparameters.ipynb shows.
 */
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { median } from '../lib/base/statistics';
import { readDataSets } from '../lib/data';
import { parseHyperparameters, type HyperparametersInput } from '../lib/model/hyperparameters';
import { writeWhole } from '../lib/base/files/files';
import type { StoredRun } from '../lib/runs/read_run';
import { root } from './child_process';
import { sameCommandLine } from './command_line';
import { NpmCommand, start } from './npm_command';
import { fileOption, numberOption, queueOption, textOption } from './options';
import { QueuedRuns } from './queued_runs';
import { recipes } from './recipes/recipes';
import { inTurn, trainedRun } from './trained_runs';

const configurations: Record<string, HyperparametersInput> = {
  post: recipes.post.settings,
  better: recipes.better.settings,
};

const committed = join('notebooks', 'results', 'seeds.json');

interface Options {
  seeds: number;
  runs: string;
  out: string;
  queue?: string;
  renew?: boolean;
}

async function main({ seeds, runs: directory, out, queue: url, renew }: Options): Promise<void> {
  const mnist = await readDataSets('data/mnist', { oneHot: true });
  const rows: { configuration: string; seed: number; run: StoredRun }[] = [];
  const todo = Object.keys(configurations).flatMap(configuration =>
    Array.from({ length: seeds }, (_, seed) => ({ configuration, seed })),
  );
  const queue = await QueuedRuns.open(url, mnist, directory);
  const begin = ({ configuration, seed }: (typeof todo)[number]) => {
    const settings = parseHyperparameters({ ...configurations[configuration], seed });
    return trainedRun(configuration, settings, mnist, directory, { queue });
  };
  const result = inTurn(todo, begin, queue);
  try {
    for (const [i, { configuration, seed }] of todo.entries()) {
      console.log(`== ${i + 1} of ${todo.length}: ${configuration}, seed ${seed}`);
      const run = await result(i);
      if (!run) {
        console.log(`to go on: ${sameCommandLine('seeds')}`);
        return void (process.exitCode = 130);
      }
      console.log(`   test error ${run.lastTestError?.toFixed(4)}`);
      rows.push({ configuration, seed, run });
    }
  } finally {
    await queue?.end();
  }
  write(join(root, renew ? committed : out), rows);
  for (const name of Object.keys(configurations)) {
    const errors = rows.filter(row => row.configuration === name).map(({ run }) => run.lastTestError ?? NaN);
    console.log(`${name}: median ${median(errors).toFixed(4)} of ${errors.join(', ')}`);
  }
}

function write(path: string, rows: { configuration: string; seed: number; run: StoredRun }[]): void {
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
  "Train the original program's settings and better ones with several seeds.",
  ['', '--seeds 2 --runs runs/two --out out/two.json'],
)
  .addOption(
    numberOption('--seeds <count>', 'seeds from 0 on', {
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

if (require.main === module) void start(command);
