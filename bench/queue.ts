/** What a queue costs, and whether it keeps its word while everything dies: `npm run bench -- queue`. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median } from '../lib/base/statistics';
import { chaos } from './queue/chaos';
import { overhead } from './queue/overhead';

export async function queue(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'scanline-queue-'));
  try {
    const place = (name: string) => join(folder, name);
    const rounds = await overhead({ trials: 4, epochs: 20, rounds: 6 }, place('overhead'), console.log);
    const ratio = median(rounds.map(({ queued, own }) => queued / own));
    console.log(`24 trials by a queue with one worker: ${ratio.toFixed(3)} times as long as in one process`);
    const events = { kills: 40, stops: 4, restarts: 2, coordinatorKills: 3 };
    const result = await chaos(
      { trials: 24, epochs: 20, workers: 2, lease: 2, ...events },
      place('chaos'),
      console.log,
    );
    console.log('the runs are the same as those of one process, byte for byte but for times:', result);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
