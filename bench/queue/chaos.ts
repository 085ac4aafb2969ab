/**
 * A sweep on several machines of which everything dies now and then, beside the same sweep in one process: are the runs
 * the same? Each machine has a folder of its own, with a copy of the data and nothing in common with the others.
 */
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { shuffle, createRandom } from '../../lib/base/random';
import { readSweepInfo } from '../../lib/search/sweep_file';
import { sweepIn, type SweepPlan } from './coordinator';
import { copyProject, makeProject, Program } from './project';
import { RedisServer } from './redis_server';
import { assertSameRun } from './same_runs';

export interface ChaosPlan extends SweepPlan {
  readonly workers: number;
  /** Workers killed. */
  readonly kills: number;
  /** Workers stopped for longer than their lease, and woken up again. */
  readonly stops: number;
  /** Redis killed, and started from its append-only file. */
  readonly restarts: number;
  /** Coordinators killed, and the sweep resumed. */
  readonly coordinatorKills: number;
  /** Of a worker, in seconds. */
  readonly lease: number;
  readonly seed?: number;
}

export interface ChaosResult {
  readonly trials: number;
  /** Attempts that workers began, at least one for each trial. */
  readonly attempts: number;
  /** Attempts that were refused when they wrote, as another worker had the trial. */
  readonly superseded: number;
  readonly seconds: number;
}

/** The sweep was over before everything had died: give it more to do. */
export class EndedEarly extends Error {
  override readonly name = 'EndedEarly';
}

type Event = 'kill' | 'stop' | 'restart' | 'coordinator';

/**
 * @param folder empty
 * @param log takes what happens
 * @throws AssertionError if a run is lost, twice there, or another; EndedEarly
 */
export async function chaos(
  plan: ChaosPlan,
  folder: string,
  log: (line: string) => void = () => {},
): Promise<ChaosResult> {
  const project = (name: string) => copyProject(origin, join(folder, name));
  const origin = makeProject(join(folder, 'origin'));
  const sweepPlan = JSON.stringify({ trials: plan.trials, epochs: plan.epochs } satisfies SweepPlan);
  const coordinatorScript = join('bench', 'queue', 'coordinator.ts');
  const own = project('own');
  const alone = new Program(own, coordinatorScript, [sweepPlan], 'coordinator');
  assert.equal(await alone.ended(), 0, alone.log);
  log('the sweep in one process is done');

  mkdirSync(join(folder, 'redis'));
  const redis = await RedisServer.start(join(folder, 'redis'));
  const workerArgs = ['--queue', redis.url, '--lease', String(plan.lease)];
  const workers = Array.from({ length: plan.workers }, (_, i) => {
    return new Program(project(`worker-${i + 1}`), join('scripts', 'worker.ts'), workerArgs, 'worker');
  });
  const away = project('away');
  const coordinator = new Program(away, coordinatorScript, [sweepPlan, redis.url], 'coordinator');
  const start = performance.now();
  try {
    await disturb(plan, { redis, workers, coordinator, runs: join(away, 'runs') }, log);
    assert.equal(await coordinator.ended(), 0, coordinator.log);
    const seconds = (performance.now() - start) / 1000;
    compare(join(away, 'runs'), join(own, 'runs'), plan.trials);
    const count = (pattern: RegExp) => workers.flatMap(worker => worker.log.match(pattern) ?? []).length;
    return {
      trials: plan.trials,
      attempts: count(/ begins$/gm),
      superseded: count(/superseded$/gm),
      seconds,
    };
  } finally {
    await Promise.all([...workers, coordinator].map(program => program.end()));
    await redis.end();
  }
}

interface Parts {
  readonly redis: RedisServer;
  readonly workers: readonly Program[];
  readonly coordinator: Program;
  readonly runs: string;
}

/** One event after the other, each when the next equal part of all steps is made. */
async function disturb(plan: ChaosPlan, parts: Parts, log: (line: string) => void): Promise<void> {
  const random = createRandom(plan.seed ?? 0);
  const of = (event: Event, count: number) => Array.from({ length: count }, () => event);
  const events = Uint32Array.from(
    { length: plan.kills + plan.stops + plan.restarts + plan.coordinatorKills },
    (_, i) => i,
  );
  const named = [
    ...of('kill', plan.kills),
    ...of('stop', plan.stops),
    ...of('restart', plan.restarts),
    ...of('coordinator', plan.coordinatorKills),
  ];
  shuffle(events, random);
  for (const [i, index] of [...events].entries()) {
    await until(
      () => progress(parts.runs) >= (0.9 * (i + 1)) / (events.length + 1) || !parts.coordinator.running,
    );
    if (!parts.coordinator.running) {
      throw new EndedEarly(`the sweep ended before event ${i + 1}: ${parts.coordinator.log}`);
    }
    const worker = parts.workers[random.integer(parts.workers.length)];
    log(`${i + 1} of ${events.length}: ${named[index]}`);
    await carryOut(named[index], worker, plan, parts);
  }
}

async function carryOut(event: Event, worker: Program, plan: ChaosPlan, parts: Parts): Promise<void> {
  switch (event) {
    case 'kill':
      await worker.end();
      return worker.start();
    case 'stop':
      worker.signal('SIGSTOP');
      await pause(2.5 * plan.lease * 1000); // by then another worker has looked for it
      return worker.signal('SIGCONT');
    case 'restart':
      return parts.redis.restart();
    case 'coordinator':
      await parts.coordinator.end();
      return parts.coordinator.start();
  }
}

/** 0..1, of all steps. */
function progress(runs: string): number {
  const sweep = sweepIn(runs);
  if (sweep === undefined) return 0;
  const { trials } = readSweepInfo(sweep);
  const share = ({ step, totalSteps }: (typeof trials)[number]) => (totalSteps ? step / totalSteps : 0);
  return trials.reduce((sum, trial) => sum + share(trial), 0) / trials.length;
}

function compare(runs: string, expected: string, trials: number): void {
  const [found, own] = [runs, expected].map(each => readSweepInfo(sweepIn(each)!));
  assert.deepEqual(
    found.trials.map(({ state }) => state),
    Array.from({ length: trials }, () => 'finished'),
  );
  const folders = readdirSync(runs).filter(name => /trial-\d+$/.test(name));
  assert.equal(folders.length, trials, 'a trial has no run, or two');
  for (const [i, { run, settings, bestTestError }] of found.trials.entries()) {
    const alone = own.trials[i];
    assert.deepEqual([settings, bestTestError], [alone.settings, alone.bestTestError]);
    assertSameRun(join(runs, run!), join(expected, alone.run!));
  }
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await pause(50);
}
