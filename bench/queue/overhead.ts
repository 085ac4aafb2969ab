/** How much longer sweeps take by a queue with one worker than in one process, timed in turns. */
import { join } from 'node:path';
import { mkdirSync } from 'node:fs';
import { readDataSets } from '../../lib/data';
import { logUniform } from '../../lib/search/space';
import { sweep } from '../../lib/search/sweep';
import { dataPath, makeProject, Program } from './project';
import { RedisServer } from './redis_server';

export interface OverheadPlan {
  /** Of each sweep. */
  readonly trials: number;
  readonly epochs: number;
  readonly rounds: number;
}

/** Seconds of each round. */
export interface OverheadRound {
  readonly queued: number;
  readonly own: number;
}

/** @param folder that is not there yet */
export async function overhead(
  { trials, epochs, rounds }: OverheadPlan,
  folder: string,
  log: (line: string) => void,
): Promise<OverheadRound[]> {
  const before = process.cwd();
  process.chdir(makeProject(folder, 1000));
  mkdirSync(join(folder, 'redis'));
  const redis = await RedisServer.start(join(folder, 'redis'));
  const worker = new Program(folder, join('scripts', 'worker.ts'), ['--queue', redis.url], 'worker');
  try {
    const { train, test } = await readDataSets(dataPath, { oneHot: true, validationSize: 0 });
    const space = { learningRate: logUniform(1e-3, 1e-1) };
    const settings = { numLayers: 2, numHidden: 64, batchSize: 40, epochs, testFreq: 10 };
    const seconds = async (count: number, queue?: string) => {
      const start = performance.now();
      await sweep({ train, test }, space, { trials: count, settings, queue, earlyStopping: 'none' });
      return (performance.now() - start) / 1000;
    };
    await seconds(1);
    await seconds(1, redis.url); // its process and graphs are there from now on
    const found: OverheadRound[] = [];
    for (let round = 1; round <= rounds; round++) {
      const [own, queued] = [await seconds(trials), await seconds(trials, redis.url)];
      log(`round ${round}: ${own.toFixed(1)} s in one process, ${queued.toFixed(1)} s by the queue`);
      found.push({ own, queued });
    }
    return found;
  } finally {
    await worker.end();
    await redis.end();
    process.chdir(before);
  }
}
