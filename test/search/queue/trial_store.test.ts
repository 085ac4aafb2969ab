/** What Redis takes of whom: by fencing numbers, each entry once, nothing too large. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Redis } from 'ioredis';
import { connect } from '../../../lib/search/queue/connect';
import { largestFile, Superseded, TrialStore } from '../../../lib/search/queue/trial_store';
import { RedisServer } from '../../../bench/queue/redis_server';
import { skip, temporaryFolder } from '../../support/redis';

describe('a trial in Redis', { skip }, () => {
  const folder = temporaryFolder();
  let server: RedisServer;
  let client: Redis;
  let count = 0;
  before(async () => {
    server = await RedisServer.start(folder);
    client = await connect(server.url);
  });
  after(async () => {
    client.disconnect();
    await server.end();
  });
  const opened = async () => {
    const store = new TrialStore(client, `sweep-${++count}`);
    await store.open();
    return store;
  };
  const finished = { outcome: { state: 'finished' } } as const;

  test('an attempt that is not the newest one is refused, whatever it writes', async () => {
    const store = await opened();
    const [first, second] = [(await store.begin())!.attempt, (await store.begin())!.attempt];
    await second.write({ tested: 1 });
    await assert.rejects(first.write({ tested: 7 }), Superseded);
    await assert.rejects(first.write(finished, new Map([['run.json', Buffer.from('old')]])), Superseded);
    await second.write({ tested: 2 });
    assert.deepEqual(await store.entries(), ['{"tested":1}', '{"tested":2}']);
    assert.deepEqual(await store.fileNames(), []);
  });

  test('an entry that is sent again counts once, and one after a gap not at all', async () => {
    const store = await opened();
    const { attempt } = (await store.begin())!;
    await attempt.write({ tested: 1 });
    attempt['seq']--; // as if the reply had been lost
    await attempt.write({ tested: 1 });
    attempt['seq']++; // as if the server had lost the one before
    await assert.rejects(attempt.write({ tested: 3 }), Superseded);
    assert.deepEqual(await store.entries(), ['{"tested":1}']);
  });

  test('a trial that has ended, is to be interrupted or was collected is not begun', async () => {
    const ended = await opened();
    await (await ended.begin())!.attempt.write(finished);
    assert.equal(await ended.begin(), undefined);
    await ended.remove();
    assert.equal(await ended.begin(), undefined);

    const interrupted = await opened();
    await interrupted.interrupt();
    assert.equal(await interrupted.begin(), undefined);
    await interrupted.open(); // the coordinator goes on with it
    assert.ok(await interrupted.begin());
  });

  test('attempts are counted until the next checkpoint', async () => {
    const store = await opened();
    const tries: number[] = [];
    for (let i = 0; i < 3; i++) tries.push((await store.begin())!.tries);
    const { attempt } = (await store.begin())!;
    await attempt.write({ checkpoints: [] }, new Map([['step-000001.safetensors', Buffer.from('')]]));
    tries.push((await store.begin())!.tries);
    assert.deepEqual(tries, [1, 2, 3, 1]);
  });

  test('a file that is too large is refused with its size and the limit', async () => {
    const { attempt } = (await (await opened()).begin())!;
    const files = new Map([['step-000001.safetensors', new Uint8Array(largestFile + 1)]]);
    assert.throws(
      () => attempt.write({}, files),
      /^UserError: Expected files of at most 64 MiB to send through Redis, found step-000001.safetensors with 65 MiB/,
    );
  });
});
