/**
 * Recipes: settings of the original program, better ones, and each step of the best of three epochs left out. Trained
 * with several seeds and judged by images that nothing was chosen by: `npm run recipes`. Runs that have finished are not
 * made again, one that was stopped goes on; so it can be ended at any time by Ctrl-C. The results go to
 * out/recipes.json after each run, or with --renew to notebooks/results/recipes.json.
 */
import { join } from 'node:path';
import { clock, percent } from '../lib/base/format';
import { Interrupted } from '../lib/base/interrupt';
import { projectPath } from '../lib/base/project';
import { range } from '../lib/base/range';
import { readDataSets, type DataSets } from '../lib/data';
import { tableText } from '../lib/display/table';
import { parseHyperparameters } from '../lib/model/hyperparameters';
import { loadModel } from '../lib/runs/load_model';
import type { StoredRun } from '../lib/runs/read_run';
import { disposeModel, evaluate } from '../lib/training/evaluate';
import { sameCommandLine } from './command_line';
import { TimeLeft } from './compare_cells/time_left';
import { NpmCommand, start } from './npm_command';
import { choicesOption, fileOption, numberOption, queueOption, textOption } from './options';
import { QueuedRuns } from './queued_runs';
import { ablations, recipes, type Recipe } from './recipes/recipes';
import { recipeTable } from './recipes/table';
import { readResults, resultOf, writeResults, type SeedResult } from './recipes/results';
import { takeExamples } from './take_examples';
import { inTurn, trainedRun } from './trained_runs';

interface Options {
  recipes?: string[];
  ablations: boolean;
  seeds?: number;
  epochs?: number;
  data: string;
  trainSize?: number;
  runs: string;
  out: string;
  queue?: string;
  renew?: boolean;
}

const committed = join('notebooks', 'results', 'recipes.json');

interface Task {
  readonly kind: 'recipes' | 'ablations';
  readonly name: string;
  readonly recipe: Recipe;
  readonly seed: number;
}

async function main(options: Options): Promise<void> {
  const out = projectPath(options.renew ? committed : options.out);
  const sets = await readDataSets(options.data, { oneHot: true });
  const data = { ...sets, train: takeExamples(sets.train, options.trainSize, '--train-size') };
  const tasks = planned(options);
  const results = readResults(out);
  const left = new TimeLeft();
  const queue = await QueuedRuns.open(
    options.queue,
    { train: data.train, test: data.validation },
    options.runs,
  );
  const trained = inTurn(tasks, task => trainOne(task, data, options.runs, queue), queue);
  let stopped = false;
  try {
    for (const [i, task] of tasks.entries()) {
      const seconds = left.estimate(tasks.slice(i).map(({ name }) => ({ kind: name, task: 'seconds' })));
      const remaining = seconds === undefined ? '' : `, some ${clock(seconds)} left`;
      console.log(`== ${i + 1} of ${tasks.length}: ${task.name}, seed ${task.seed}${remaining}`);
      const run = await trained(i);
      if (!run) {
        stopped = true;
        break;
      }
      const result = await resultFor(task, run, data, results[task.kind][task.name]?.seeds ?? []);
      left.add(task.name, 'seconds', result.seconds);
      const { validationError, testError } = result;
      console.log(`   validation error ${percent(validationError)}, test error ${percent(testError)}`);
      results[task.kind][task.name] = resultOf(task.recipe, result, results[task.kind][task.name]);
      writeResults(out, results);
    }
  } finally {
    await queue?.end();
  }
  console.log(`\n${tableText(recipeTable(results))}`);
  if (!stopped) return;
  console.log(`\nto go on: ${sameCommandLine('recipes')}`);
  process.exitCode = 130;
}

/** Seed by seed, so that whatever slows the machine down for a while slows all recipes down alike. */
function planned({ recipes: chosen, ablations: withAblations, seeds, epochs }: Options): Task[] {
  const all = [
    ...Object.entries(recipes).map(([name, recipe]) => ({ kind: 'recipes' as const, name, recipe })),
    ...Object.entries(ablations).map(([name, recipe]) => ({ kind: 'ablations' as const, name, recipe })),
  ];
  return all
    .filter(({ kind, name }) =>
      kind === 'recipes' ? (chosen?.includes(name) ?? true) : withAblations && !chosen,
    )
    .flatMap(({ recipe, ...task }) => {
      const settings = { ...recipe.settings, ...(epochs === undefined ? {} : { epochs }) };
      return range(seeds ?? recipe.seeds).map(seed => ({ ...task, recipe: { ...recipe, settings }, seed }));
    })
    .sort((a, b) => a.seed - b.seed);
}

/** Undefined if its training was stopped. */
function trainOne(
  { name, recipe, seed }: Task,
  { train, validation }: DataSets,
  runs: string,
  queue: QueuedRuns | undefined,
): Promise<StoredRun | undefined> {
  const settings = parseHyperparameters({ ...recipe.settings, seed });
  const place = { directory: runs, name: name.replace(/[^a-z0-9]+/gi, '-'), group: `recipes: ${name}` };
  return untilInterrupted(() => trainedRun(settings, { train, test: validation }, { ...place, queue }));
}

async function resultFor(
  { recipe, seed }: Task,
  run: StoredRun,
  { validation, test }: DataSets,
  before: readonly SeedResult[],
): Promise<SeedResult> {
  const made = run.info.ended!;
  const known = before.find(result => result.seed === seed && result.made === made);
  return known ?? { seed, made, seconds: run.seconds, ...(await testOf(run, recipe, { validation, test })) };
}

async function testOf(
  run: StoredRun,
  { weights, shifts }: Recipe,
  sets: Pick<DataSets, 'validation' | 'test'>,
) {
  const model = loadModel(run.folder, sets.test, { weights });
  try {
    const validation = await evaluate(model, sets.validation, { shifts });
    const test = await evaluate(model, sets.test, { shifts });
    const wrong = [...test.predictions.keys()].filter(i => test.predictions[i] !== sets.test.label(i));
    return {
      validationError: validation.errorRate,
      testError: test.errorRate,
      testImages: test.numExamples,
      wrong,
    };
  } finally {
    disposeModel(model);
  }
}

async function untilInterrupted<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Interrupted) return undefined;
    throw error;
  }
}

export const command = new NpmCommand(
  'npm run recipes',
  "Train the original program's settings, better ones, and what is left of the best without each of its steps.",
  ['', '--recipes quick --seeds 1', '--no-ablations'],
)
  .addOption(
    choicesOption('--recipes <names>', 'some recipes, with commas between them', Object.keys(recipes), text =>
      text.split(','),
    ),
  )
  .option('--no-ablations', 'only the recipes, no step left out')
  .addOption(
    numberOption('--seeds <count>', 'how many seeds, in place of as many as the recipe has', {
      ...{ minimum: 1, maximum: 1000, unit: 'seeds' },
    }),
  )
  .addOption(
    numberOption('--epochs <count>', 'for all recipes, to try the command', {
      ...{ minimum: 1, maximum: 10_000, unit: 'epochs' },
    }),
  )
  .addOption(textOption('--data <folder>', 'where the data set is', 'data/mnist'))
  .addOption(
    numberOption('--train-size <count>', 'only so many of the training images', {
      ...{ minimum: 1, maximum: 1e9, unit: 'images' },
    }),
  )
  .addOption(queueOption())
  .addOption(textOption('--runs <folder>', 'where the folders of runs are', 'runs'))
  .addOption(fileOption('--out <file>', 'where the results go', join('out', 'recipes.json')))
  .option('--renew', `write them to ${committed}`)
  .action(main);

if (require.main === module) void start(command);
