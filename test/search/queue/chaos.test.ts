/** Trials on several machines, of which everything dies once; `npm run bench -- queue` does the same for longer. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chaos, EndedEarly, type ChaosResult } from '../../../bench/queue/chaos';
import { skip, temporaryFolder } from '../../support/redis';

test(
  'a sweep whose workers, coordinator and Redis die gives the runs that one process gives',
  { skip },
  async () => {
    const events = { kills: 1, stops: 1, restarts: 1, coordinatorKills: 1 };
    const { trials, attempts } = await longEnough(epochs =>
      chaos({ trials: 3, epochs, workers: 2, lease: 1, ...events }, temporaryFolder()),
    );
    assert.equal(trials, 3);
    assert.ok(attempts > 3, 'nothing was disturbed');
  },
);

/** How long that is differs from machine to machine. */
async function longEnough(attempt: (epochs: number) => Promise<ChaosResult>): Promise<ChaosResult> {
  for (const epochs of [20, 80, 320]) {
    try {
      return await attempt(epochs);
    } catch (error) {
      if (!(error instanceof EndedEarly)) throw error;
    }
  }
  throw new EndedEarly('even with 320 epochs');
}
