/**
 * Does a search that learns find better settings than a random one? Both get the same number of trials on a small network
 * that is really trained, ten times with other seeds. A repetition's first trials are the same for both methods, so they
 * are trained once.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { choice, integer, logUniform, readDataSets, uniform, type Space } from '../lib';
import { percent } from '../lib/base/format';
import { median } from '../lib/base/statistics';
import { randomPoints, type Sample } from '../lib/search/space';
import { Search } from '../lib/search/search';
import type { SweepInfo } from '../lib/search/sweep_file';
import { trainTrial, type TrialListener, type TrialRunner, type TrialTask } from '../lib/search/trial';
import type { TrainingData } from '../lib/training/trainer';
import { markdown } from './report';

const repetitions = 10;
const trials = 30;
const counts = [10, 15, 20, 25, 30];
const methods = ['random', 'tpe'] as const;
const [trainImages, testImages] = [5000, 5000];
const settings = { numLayers: 1, epochs: 2, testFreq: 1000 };
const space: Space = {
  learningRate: logUniform(1e-4, 1e-1),
  batchSize: choice([20, 50, 100, 200]),
  numHidden: integer(8, 64),
  dropout: uniform(0, 0.6),
  cell: choice([{ kind: 'basic' }, { kind: 'gru' }, { kind: 'lstm' }]),
};

interface TrainedTrial {
  readonly settings: Sample;
  /** Of the validation images, 0..1; 1 for a trial that broke off. */
  readonly error: number;
  /** Of training. */
  readonly seconds: number;
}

type Repetition = { readonly seed: number } & Readonly<Record<(typeof methods)[number], TrainedTrial[]>>;

export async function compareSearches(): Promise<void> {
  const mnist = await readDataSets('data/mnist', { oneHot: true });
  const data = { train: mnist.train.take(trainImages), test: mnist.validation.take(testImages) };
  const done: Repetition[] = [];
  for (let seed = 0; seed < repetitions; seed++) {
    const runner = new RememberingRunner(data);
    const [random, tpe] = [await search('random', seed, runner), await search('tpe', seed, runner)];
    done.push({ seed, random, tpe });
    console.log(`seed ${seed}: best of random ${percent(lowest(random))}, of TPE ${percent(lowest(tpe))}`);
    const results = { when: new Date().toISOString(), trainImages, testImages, settings, space, done };
    writeFileSync(join(__dirname, 'search.json'), `${JSON.stringify(results)}\n`);
  }
  console.log(`\n${searchTable(done)}\n\n${equalSteps(done)}\n\nWritten: bench/search.json`);
}

async function search(method: 'random' | 'tpe', seed: number, runner: RememberingRunner) {
  const directory = mkdtempSync(join(tmpdir(), 'scanline-bench-'));
  const folder = join(directory, 'sweep');
  mkdirSync(folder);
  const points =
    method === 'random' ? randomPoints(space, trials, seed) : Array.from({ length: trials }, () => ({}));
  const info: SweepInfo = {
    ...{ format: 1, name: method, started: new Date().toISOString(), space, settings, method, seed },
    ...{ earlyStopping: 'none', graceTests: 1, processes: 1, dataDigest: '' },
    trials: points.map((sample, i) => ({
      ...{ number: i + 1, settings: sample, state: 'waiting', step: 0, seconds: 0 },
    })),
  };
  try {
    await new Search(folder, info, new Map(), runner, []).run(1);
  } finally {
    rmSync(directory, { recursive: true });
  }
  return info.trials.map(trial => {
    return { settings: trial.settings, error: trial.bestTestError ?? 1, seconds: trial.seconds };
  });
}

/** Trains here; the second time it tells what came out the first time. */
class RememberingRunner implements TrialRunner {
  private readonly told = new Map<string, ((listener: TrialListener) => unknown)[]>();

  constructor(private readonly data: TrainingData) {}

  async runTrial(task: TrialTask, listener: TrialListener) {
    const key = JSON.stringify(task.hyperparameters);
    const earlier = this.told.get(key);
    if (earlier) {
      for (const tell of earlier) await tell(listener);
      return { state: 'finished' } as const;
    }
    const told: ((listener: TrialListener) => unknown)[] = [];
    const note = <T>(tell: (listener: TrialListener) => T): T => {
      told.push(tell);
      return tell(listener);
    };
    const outcome = await trainTrial(this.data, task, {
      onStart: folder => note(to => to.onStart(folder)),
      onStep: step => note(to => to.onStep(step)),
      onTest: tests => note(to => to.onTest(tests)),
    });
    if (outcome.state === 'finished') this.told.set(key, told);
    return outcome;
  }

  interrupt(): void {}
  end(): void {}
}

/** The lowest error of the first trials, in the median of the repetitions. */
export function searchTable(done: readonly Repetition[]): string {
  const rows = counts.map(count => {
    const best = methods.map(method => done.map(repetition => lowest(repetition[method].slice(0, count))));
    const [random, tpe] = best;
    const differences = random.map((error, i) => error - tpe[i]);
    const better = differences.filter(difference => difference > 0).length;
    const worse = differences.filter(difference => difference < 0).length;
    return [
      String(count),
      ...best.map(errors => percent(median(errors))),
      percent(median(differences)),
      `${better} : ${worse}`,
      pairedTest(differences).toFixed(3),
    ];
  });
  return markdown(['trials', 'random', 'TPE', 'difference', 'TPE better : worse', 'p'], rows);
}

/**
 * TPE likes small batches here, whose epochs have more steps. So it is compared once more with only as many of its trials
 * as make no more training steps than all of the random search together.
 */
export function equalSteps(done: readonly Repetition[]): string {
  const random = done.map(repetition => lowest(repetition.random));
  const tpe = done.map(repetition => {
    let left = repetition.random.reduce((sum, trial) => sum + stepsOf(trial), 0);
    return lowest(repetition.tpe.filter(trial => (left -= stepsOf(trial)) >= 0));
  });
  const p = pairedTest(random.map((error, i) => error - tpe[i]));
  const errors = `random ${percent(median(random))}, TPE ${percent(median(tpe))}`;
  return `With equal training steps in place of equal trials: ${errors}, p ${p.toFixed(3)}`;
}

function stepsOf({ settings: { batchSize } }: TrainedTrial): number {
  return settings.epochs * Math.floor(trainImages / Number(batchSize));
}

/**
 * Fisher's permutation test in its exact, two-sided form: how often is the sum of the differences as far from 0 if each
 * sign is as likely as the other?
 */
export function pairedTest(differences: readonly number[]): number {
  const sum = differences.reduce((total, difference) => total + difference, 0);
  const least = Math.abs(sum) * (1 - 1e-9); // the order of additions makes the last digits
  let asFar = 0;
  for (let signs = 0; signs < 2 ** differences.length; signs++) {
    const flipped = differences.reduce((total, d, i) => total + ((signs >> i) & 1 ? -d : d), 0);
    if (Math.abs(flipped) >= least) asFar++;
  }
  return asFar / 2 ** differences.length;
}

function lowest(trained: readonly TrainedTrial[]): number {
  return Math.min(...trained.map(({ error }) => error));
}
