/**
 * All cells with about as many parameters each, on the same images: `npm run compare-cells`. Runs that have finished
 * are not made again, one that was stopped goes on; so it can be ended at any time by Ctrl-C. The results go to
 * out/cells.json after each run, or with --renew to notebooks/results/cells.json, which notebooks/03-cells.ipynb shows.
 */
import { clock } from '../lib/base/format';
import { join } from 'node:path';
import { readDataSets, type DataSets } from '../lib/data';
import type { TrainingRun } from '../lib/training/training_run';
import { projectPath } from '../lib/base/project';
import { tableText } from '../lib/display/table';
import { cellTable, type Timing } from '../lib/views/cell_results';
import { Interrupted } from '../lib/base/interrupt';
import { sameCommandLine } from './command_line';
import { configurations, tasks } from './compare_cells/configurations';
import { findEntries, resultsOf, testOf, timesOf, type Entry, type Test } from './compare_cells/entries';
import { planTask, type PlannedCell, type PlannedTask } from './compare_cells/plan';
import { readResults, writeResults } from './compare_cells/results';
import { TimeLeft } from './compare_cells/time_left';
import { timeSteps } from './compare_cells/timing';
import { NpmCommand, start } from './npm_command';
import { choicesOption, dataSizeOptions, fileOption, numberOption, queueOption, textOption } from './options';
import { QueuedRuns } from './queued_runs';
import { takeExamples } from './take_examples';
import { inTurn, trainedRun } from './trained_runs';

interface Options {
  tasks?: string[];
  cells?: string[];
  seeds: number;
  epochs?: number;
  units?: number;
  trainSize?: number;
  testSize?: number;
  validationSize: number;
  data: string;
  runs: string;
  out: string;
  training: boolean;
  timing: boolean;
  timingSteps: number;
  queue?: string;
  retry?: boolean;
  renew?: boolean;
}

const committed = join('notebooks', 'results', 'cells.json');

async function main(options: Options): Promise<void> {
  const out = projectPath(options.renew ? committed : options.out);
  const data = await readData(options);
  const planned = tasks.map(task => planTask(task, configurations, data.train, options));
  const selected = select(planned, options);
  for (const { title, cells, leftOut } of selected) {
    console.log(`${title}: ${cells.length} cells`);
    for (const { label, reason } of leftOut) console.log(`  left out: ${label}: ${reason}`);
  }
  const times = timesOf(readResults(out)?.tasks ?? [], planned);
  const entries = findEntries(planned, options);
  const write = () => writeResults(out, resultsOf(planned, entries, times, data, options.seeds));
  write();
  const chosen = entries.filter(({ cell }) => selected.some(({ cells }) => cells.includes(cell)));
  const queue = options.training ? await QueuedRuns.open(options.queue, data, options.runs) : undefined;
  const training = async () => trainAll(chosen, data, { ...options, queue }, write);
  const stopped = options.training && !(await training().finally(() => queue?.end()));
  if (stopped) process.exitCode = 130;
  else if (options.timing) await timeAll(selected, times, data, options, write);
  for (const task of readResults(out)?.tasks ?? []) {
    console.log(`\n${task.title}\n\n${tableText(cellTable(task))}`);
  }
  if (stopped) console.log(`\nto go on: ${sameCommandLine('compare-cells')}`);
}

async function readData({ data, validationSize, trainSize, testSize }: Options): Promise<DataSets> {
  const sets = await readDataSets(data, { oneHot: true, validationSize });
  const train = takeExamples(sets.train, trainSize, '--train-size');
  return { ...sets, train, test: takeExamples(sets.test, testSize, '--test-size') };
}

/** What is to be trained and measured now; the results keep the others as they are. */
function select(planned: readonly PlannedTask[], { tasks, cells }: Options): PlannedTask[] {
  const isChosen = ({ label }: { label: string }) => cells?.includes(label) ?? true;
  return planned
    .filter(({ name }) => tasks?.includes(name) ?? true)
    .map(task => ({ ...task, cells: task.cells.filter(isChosen), leftOut: task.leftOut.filter(isChosen) }));
}

interface TrainOptions {
  readonly runs: string;
  readonly queue?: QueuedRuns;
}

/** @returns false if it was stopped */
async function trainAll(
  entries: Entry[],
  data: DataSets,
  options: TrainOptions,
  write: () => void,
): Promise<boolean> {
  const left = new TimeLeft();
  const note = ({ cell, task }: Entry, { failure, seconds }: Test) =>
    failure === undefined && left.add(cell.label, task.name, seconds);
  for (const entry of entries) if (entry.test) note(entry, entry.test);
  const todo = entries.filter(({ test }) => !test);
  const result = inTurn(todo, entry => trainOne(entry, data, options), options.queue);
  for (const [i, entry] of entries.entries()) {
    if (entry.test) continue;
    const waiting = entries.slice(i).filter(({ test }) => !test);
    const seconds = left.estimate(waiting.map(({ cell, task }) => ({ kind: cell.label, task: task.name })));
    const remaining = seconds === undefined ? '' : `, some ${clock(seconds)} left`;
    const { task, cell, seed } = entry;
    console.log(`== ${i + 1} of ${entries.length}: ${task.name}, ${cell.label}, seed ${seed}${remaining}`);
    const test = await result(todo.indexOf(entry));
    if (!test) return false;
    entry.test = test;
    note(entry, test);
    console.log(
      `   ${test.failure ?? `test error ${test.testError?.toFixed(4)}`}, ${test.seconds.toFixed(0)} s`,
    );
    write();
  }
  return true;
}

async function trainOne(
  entry: Entry,
  data: DataSets,
  { runs, queue }: TrainOptions,
): Promise<Test | undefined> {
  const { task, cell, seed } = entry;
  const start = performance.now();
  const settings = { ...cell.hyperparameters, seed };
  const name = `${task.name}-${cell.label.toLowerCase().replace(/[^a-z0-9]+/g, '-')}`;
  const end = ({ status, lastStep, totalSteps }: TrainingRun) =>
    status === 'stopped' && console.log(`   stopped after step ${lastStep} of ${totalSteps}`);
  try {
    const group = `${task.name}: ${cell.label}`;
    const run = await trainedRun(settings, data, {
      ...{ directory: runs, name, group, observers: [{ end }], queue },
    });
    return run && testOf(seed, run);
  } catch (error) {
    if (error instanceof Interrupted) return undefined;
    const seconds = (performance.now() - start) / 1000;
    return { seed, failure: (error as Error).message, seconds, made: new Date().toISOString() };
  }
}

async function timeAll(
  planned: readonly PlannedTask[],
  times: Map<PlannedCell, Timing>,
  { train }: DataSets,
  { timingSteps: steps }: Options,
  write: () => void,
): Promise<void> {
  for (const { name, cells } of planned) {
    console.log(`== time per step: ${name}`);
    const settings = cells.map(({ hyperparameters }) => hyperparameters);
    const measured = await timeSteps(settings, train, { warmUp: 5, rounds: 5, steps }, line =>
      console.log(`   ${line}`),
    );
    measured.forEach((timing, i) => {
      if (timing instanceof Error) console.log(`   ${cells[i].label}: ${timing.message}`);
      else times.set(cells[i], timing);
    });
    write();
  }
}

const split = (text: string) => text.split(/\s*;\s*|\s*,(?! )/);

export const command = new NpmCommand(
  'npm run compare-cells',
  'Train all cells with about as many parameters each, and measure the time of their steps.',
  ['', '--tasks rows --seeds 1 --epochs 1', "--cells 'GRU,LSTM, peepholes' --no-timing"],
)
  .addOption(
    choicesOption(
      '--tasks <names>',
      'some tasks, with commas between them',
      tasks.map(({ name }) => name),
      split,
    ),
  )
  .addOption(
    choicesOption(
      '--cells <labels>',
      "some cells, such as 'GRU,LSTM, peepholes'",
      configurations.map(({ label }) => label),
      split,
    ),
  )
  .addOption(
    numberOption('--seeds <count>', 'seeds from 0 on', {
      minimum: 1,
      maximum: 1000,
      unit: 'seeds',
      default: 3,
    }),
  )
  .addOption(
    numberOption('--epochs <count>', "instead of the task's own", {
      minimum: 1,
      maximum: 1e4,
      unit: 'epochs',
    }),
  )
  .addOption(
    numberOption('--units <count>', 'all cells get about as many parameters as a GRU with so many units', {
      ...{ minimum: 1, maximum: 4096, unit: 'units', default: 128 },
    }),
  )
  .addOption(queueOption())
  .addOption(textOption('--data <path>', 'the data set', 'data/mnist'))
  .addOption(textOption('--runs <folder>', 'where the folders of runs are', join('runs', 'cells')))
  .addOption(fileOption('--out <file>', 'where the results go', join('out', 'cells.json')))
  .option('--renew', `write them to ${committed}, which the notebooks show`)
  .option('--no-training', 'only measure times')
  .option('--no-timing', 'only train')
  .addOption(
    numberOption('--timing-steps <count>', 'in each of five rounds', {
      ...{ minimum: 1, maximum: 1e5, unit: 'steps', default: 20 },
    }),
  )
  .option('--retry', 'train again what failed')
  .action(main);

for (const option of dataSizeOptions()) command.addOption(option);

if (require.main === module) void start(command);
