/** What is inside a trained network, in figures: `npm run inspect`, `npm run inspect -- 2026-11-23_09-35-57-train`. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { clock, percent } from '../lib/base/format';
import { range } from '../lib/base/range';
import { median } from '../lib/base/statistics';
import { StatusLine } from '../lib/base/status_line';
import { readDataSets, type DataSet } from '../lib/data';
import { tableText } from '../lib/display/table';
import { biographies } from '../lib/inspect/biographies';
import { hardest } from '../lib/inspect/hardest';
import { replay } from '../lib/inspect/replay';
import { settling } from '../lib/inspect/settling';
import { units } from '../lib/inspect/units';
import type { SequenceClassifier } from '../lib/model/model';
import { loadModel } from '../lib/runs/load_model';
import { readRun } from '../lib/runs/read_run';
import { readTestPredictions } from '../lib/runs/test_predictions';
import { newestRun } from './newest_run';
import { NpmCommand, start } from './npm_command';
import { numberOption, textOption } from './options';

interface Options {
  data: string;
  examples: number;
}

const right = (title: string) => ({ title, align: 'right' as const });

async function main(name: string | undefined, { data, examples }: Options): Promise<void> {
  const run = name === undefined ? newestRun() : readRun(name);
  const { test } = await readDataSets(data, { validationSize: 0 });
  const model = loadModel(run.folder, test);
  console.log(`${run.id}, on the ${test.numExamples} test images of ${data}\n`);
  await tellSettling(model, test);
  await tellUnits(model, test, examples);
  await tellMistakes(model, test);
  tellTraining(run.folder, test);
  tellTime(model, test);
}

async function tellSettling(model: SequenceClassifier, test: DataSet): Promise<void> {
  const { median: step, numSteps, errorByStep } = await settling(model, test);
  console.log(
    `Half of the answers are settled after time step ${step + 1} of ${numSteps}. Error after each step:`,
  );
  const shown = range(numSteps).filter(t => numSteps <= 28 || (t + 1) % Math.ceil(numSteps / 28) === 0);
  const told = shown.map(t => `${String(t + 1).padStart(4)}: ${percent(errorByStep[t]).padStart(7)}`);
  for (let t = 0; t < told.length; t += 7) console.log(told.slice(t, t + 7).join(''));
  console.log();
}

async function tellUnits(model: SequenceClassifier, test: DataSet, examples: number): Promise<void> {
  console.log(`Silencing each unit in turn, on ${Math.min(examples, test.numExamples)} images …`);
  const status = new StatusLine();
  const began = performance.now();
  const onProgress = (done: number, total: number) => {
    const left = ((total - done) * (performance.now() - began)) / done / 1000;
    status.update(() => `unit ${done} of ${total}, ${clock(left)} left`);
  };
  const { units: all, error } = await units(model, test, { examples, onProgress });
  status.end();
  const byImportance = [...all].sort((a, b) => (b.errorWithout ?? 0) - (a.errorWithout ?? 0));
  const rows = byImportance.slice(0, 10).map(({ direction, layer, unit, remembers, errorWithout }) => {
    return [direction, layer + 1, unit, remembers?.toFixed(1) ?? '–', percent(errorWithout ?? NaN)].map(
      String,
    );
  });
  const columns = [
    { title: 'direction' },
    ...['layer', 'unit', 'remembers, steps', 'error without it'].map(right),
  ];
  console.log(`The ten most important of ${all.length} units; the error with all is ${percent(error)}:`);
  console.log(`${tableText({ columns, rows })}\n`);
}

async function tellMistakes(model: SequenceClassifier, test: DataSet): Promise<void> {
  const { numMistakes, confusedPairs } = await hardest(model, test, { count: 5 });
  const pairs = confusedPairs.map(
    ({ label, prediction, count }) => `${label} taken for ${prediction} ${count} times`,
  );
  console.log(`${numMistakes} mistakes, most often ${pairs.join(', ')}`);
}

function tellTraining(folder: string, test: DataSet): void {
  const kept = readTestPredictions(folder);
  const bytes = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map(file => statSync(join(folder, file)))
    .reduce((sum, file) => sum + (file.isFile() ? file.size : 0), 0);
  const size = `the run's folder has ${(bytes / 1e6).toFixed(1)} MB`;
  if (kept.length === 0) {
    console.log(`No predictions of its tests were kept; ${size}`);
    return;
  }
  const [{ everForgotten, neverLearned, steps }] = biographies(folder, test).runs;
  console.log(
    `Over ${steps.length} tests ${everForgotten.length} images were forgotten at least once, ` +
      `${neverLearned.length} never learned; ${size}`,
  );
}

function tellTime(model: SequenceClassifier, test: DataSet): void {
  const times = range(11).map(i => {
    const before = performance.now();
    replay(model, test.example(i % test.numExamples));
    return performance.now() - before;
  });
  console.log(`A replay takes ${median(times.slice(1)).toFixed(0)} ms, the first ${times[0].toFixed(0)} ms`);
}

export const command = new NpmCommand(
  'npm run inspect',
  'Look into a trained network: when it makes up its mind, which units matter, what it forgot.',
  ['', '2026-11-23_09-35-57-train', '--examples 200'],
)
  .usage('-- [options] [run]')
  .argument('[run]', "the run's folder, or its name in runs [the newest that finished]")
  .addOption(textOption('--data <path>', 'the data set that it was trained on', 'data/mnist'))
  .addOption(
    numberOption('--examples <number>', 'test images on which each unit is silenced', {
      ...{ minimum: 1, maximum: 1e9, unit: 'images', default: 1000 },
    }),
  )
  .action(main);

if (require.main === module) void start(command);
