/** `npm run runs -- --verify <run>`: are its last steps, repeated, the same bits? */
import { clock } from '../../lib/base/format';
import { bar, StatusLine } from '../../lib/base/status_line';
import type { TrainingData } from '../../lib/training/trainer';
import { describeVerification, verifyRun } from '../../lib/training/verification/verify_run';

/** What the shell gets to know, beside the text; 1 is a mistake in the command. */
const statuses = { same: 0, different: 2, unknown: 3 };

export async function verifyInShell(folder: string, data: TrainingData, steps?: number): Promise<void> {
  const line = new StatusLine();
  let start: number | undefined; // after the first step, which is compiled
  const onStep = (done: number, total: number) => {
    const seconds = (performance.now() - (start ??= performance.now())) / 1000;
    if (done < 2) return;
    const left = clock(((total - done) * seconds) / (done - 1));
    line.update(columns => {
      const text = `step ${done} of ${total} repeated, ${left} left`;
      return `${text} ${bar(done / total, columns - text.length - 3)}`.trimEnd();
    });
  };
  const result = await verifyRun(folder, data, { steps, onStep });
  line.end();
  console.log(describeVerification(result));
  process.exitCode = statuses[result.state];
}
