/** Trials through a queue, with a worker in this process: what is decided, asked and refused. */
import assert from 'node:assert/strict';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Queue } from 'bullmq';
import { dataPath, makeProject } from '../../../bench/queue/project';
import { RedisServer } from '../../../bench/queue/redis_server';
import { assertSameRun } from '../../../bench/queue/same_runs';
import { readDataSets } from '../../../lib/data';
import { sendRequest } from '../../../lib/runs/steering';
import { readRun } from '../../../lib/runs/read_run';
import { connect } from '../../../lib/search/queue/connect';
import { keyPrefix, queueName } from '../../../lib/search/queue/messages';
import { QueueRunner } from '../../../lib/search/queue/queue_runner';
import { QueueWorker } from '../../../lib/search/queue/queue_worker';
import { choice } from '../../../lib/search/space';
import { resumeSweep, sweep, type SweepOptions } from '../../../lib/search/sweep';
import type { SweepResult } from '../../../lib/search/sweep_result';
import { smallSets } from '../../support/training';
import { skip, temporaryFolder } from '../../support/redis';

const settings = { numLayers: 1, numHidden: 6, batchSize: 20, epochs: 4, testFreq: 4, learningRate: 0.03 };
const fixed: SweepOptions = { method: 'grid', settings, graceTests: 2 };

describe('a search by a queue', { skip }, () => {
  const folder = temporaryFolder();
  const own = process.cwd();
  const lines: string[] = [];
  let redis: RedisServer;
  let worker: QueueWorker;
  let data: Awaited<ReturnType<typeof read>>;

  async function read() {
    const { train, validation } = await readDataSets(dataPath, { oneHot: true, validationSize: 60 });
    return { train: train.take(160), test: validation };
  }
  before(async () => {
    redis = await RedisServer.start(folder);
    process.chdir(makeProject(join(folder, 'project')));
    worker = await QueueWorker.start(redis.url, { log: line => lines.push(line) });
    data = await read();
  });
  after(async () => {
    await worker.end();
    await redis.end();
    process.chdir(own);
  });

  const byNumber = ({ trials }: SweepResult) => [...trials].sort((a, b) => a.number - b.number);

  test('stops a hopeless trial early, as in one process, with the same runs', async () => {
    const space = { learningRate: choice([0.05, 0.1, 0.03, 1e-9]) };
    const queued = byNumber(await sweep(data, space, { ...fixed, queue: redis.url }));
    const alone = byNumber(await sweep(data, space, fixed));
    assert.deepEqual(
      queued.map(({ state }) => state),
      ['finished', 'finished', 'finished', 'stopped early'],
    );
    queued.forEach((trial, i) => assertSameRun(trial.folder!, alone[i].folder!));
    const client = await connect(redis.url);
    assert.deepEqual(await client.keys(`${keyPrefix}:trial:*`), [], 'what was collected stays in Redis');
    client.disconnect();
  });

  test('ends in good order when it is interrupted, and goes on by a queue or here', async () => {
    const space = { learningRate: choice([0.05, 0.02]) };
    for (const queue of [redis.url, undefined]) {
      const button = new AbortController();
      const press = { tested: () => button.abort() };
      const options = { ...fixed, queue: redis.url, observers: [press], signal: button.signal };
      const result = await sweep(data, space, options);
      const stopped = byNumber(result);
      assert.deepEqual(
        stopped.map(({ state }) => state),
        ['interrupted', 'interrupted'],
      );
      assert.ok(readRun(stopped[0].folder!).checkpoints.length > 0);
      assert.equal(readRun(stopped[0].folder!).info.state, 'stopped');
      const whole = byNumber(await resumeSweep(result.folder, data, { queue }));
      const alone = byNumber(await sweep(data, space, fixed));
      whole.forEach((trial, i) => assertSameRun(trial.folder!, alone[i].folder!));
    }
  });

  test('a setting that is changed here acts on the run elsewhere, and is recorded', async () => {
    const set = { kind: 'once' as 'once' | 'done' };
    const observer = {
      tested: ({ run }: { run?: string }) => {
        if (set.kind === 'once')
          sendRequest(join('runs', run!), { ask: 'set', values: { learningRate: 0.001 } });
        set.kind = 'done';
      },
    };
    const long = { ...settings, epochs: 60 };
    const { best } = await sweep(
      data,
      { dropout: choice([0]) },
      { ...fixed, settings: long, queue: redis.url, observers: [observer] },
    );
    const { changes, train } = readRun(best.folder);
    assert.deepEqual(
      changes.map(each => each.set),
      [{ learningRate: 0.001 }],
    );
    assert.equal(train[train.length - 1].learningRate, 0.001);
  });

  test('a job is in the queue once, and one that is none of ours goes without harm', async () => {
    const client = await connect(redis.url);
    const queue = new Queue(queueName, { connection: client, prefix: keyPrefix });
    await queue.add('trial', { format: 1, id: '../../etc', hyperparameters: 'rm' });
    const { folder: run } = (await sweep(data, { dropout: choice([0]) }, { ...fixed, queue: redis.url }))
      .best;
    assert.equal(readRun(run).info.state, 'finished');
    assert.ok(lines.some(line => /is none of Scanline's: Expected a trial in Redis, found/.test(line)));
    await queue.pause();
    for (let i = 0; i < 2; i++) await queue.add('trial', {}, { jobId: 'same-1' });
    assert.equal(await queue.count(), 1);
    await queue.drain();
    await queue.resume();
    await queue.close();
    client.disconnect();
  });

  test('data that a worker cannot read by itself are refused before anything is trained', async () => {
    await assert.rejects(sweep(smallSets(), { dropout: choice([0]) }, { ...fixed, queue: redis.url }), {
      name: 'UserError',
      message: /^Expected data from readDataSets for a queue, .* found data that were made in memory/,
    });
  });

  test('a worker with other data leaves the trials to others', async () => {
    lines.length = 0;
    const runner = await QueueRunner.open(redis.url, data, ['other data']);
    appendFileSync(dataPath, `${['0', ...Array.from({ length: 16 }, () => '9')].join(',')}\n`);
    const task = { number: 1, hyperparameters: { ...settings, epochs: 1 }, name: 'other', directory: 'runs' };
    const listener = { onStart: () => {}, onStep: () => {}, onTest: () => true };
    // Other data are read only when another recipe comes: this worker has kept those of the trials before.
    await worker.end();
    worker = await QueueWorker.start(redis.url, { log: line => lines.push(line) });
    const outcome = runner.runTrial(task, listener);
    while (!lines.some(line => /^other is left to others: Expected in .* found other /.test(line))) {
      await new Promise(resolve => setTimeout(resolve, 20));
    }
    runner.interrupt();
    assert.deepEqual(await outcome, { state: 'interrupted' });
    await runner.end();
  });
});
