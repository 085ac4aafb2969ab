/** Trials on several machines, of which everything dies once; `npm run bench -- queue` does the same for longer. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chaos } from '../../../bench/queue/chaos';
import { skip, temporaryFolder } from '../../support/redis';

test(
  'a sweep whose workers, coordinator and Redis die gives the runs that one process gives',
  { skip },
  async () => {
    const events = { kills: 1, stops: 1, restarts: 1, coordinatorKills: 1 };
    const plan = { trials: 3, epochs: 12, workers: 2, lease: 1, ...events };
    const { trials, attempts } = await chaos(plan, temporaryFolder());
    assert.equal(trials, 3);
    assert.ok(attempts > 3, 'nothing was disturbed');
  },
);
