import { UserError } from '../base/errors';
import { currentKernel } from '../display/kernel_api';
import { controls } from './controls';
import { historyOf, liveOptionsOf, LiveTraining } from './live_training';
import { Throttle } from '../base/throttle';
import { WatchedRun } from '../training/watched_run';

/** Seconds from one look at the folder to the next, at least. */
const lookInterval = 0.5;
/** Most of the time that looking may take: a long run's file takes a while to read. */
const lookShare = 0.1;

/**
 * Show a run that trains as a growing chart with working controls, in the output of this cell, whoever trains it: a
 * shell, or a notebook whose page was reloaded or closed. The cell ends at once and the chart goes on until the training
 * ends. In a saved notebook chart and controls come back after a reload of the page and go on, as long as the kernel lives.
 * A cell has to wait for the ones before it, so watch the training of a notebook's own cell in another notebook.
 * @param folder of the run: a path, or only its name in `runs`
 * @throws UserError if it is no run's folder
 *
 * @example
 * watch('2026-11-23_09-35-57-tutorial');
 */
export function watch(folder: string): void {
  const run = new WatchedRun(folder);
  if (!currentKernel()) {
    const { status, history } = run;
    console.log(
      `${status}, step ${history.train.length}: its curves are shown in a notebook, or by TensorBoard`,
    );
    return;
  }
  // Those of a run that nobody can steer, only the loop that trains it knows.
  const options = liveOptionsOf(run, () => (run.steerable ? run.settings : {}));
  const live = new LiveTraining(historyOf(run), Object.assign(options, { widget: true }));
  const looking = new Throttle(lookInterval, { share: lookShare });
  const look = async () => {
    if (currentKernel()?.interrupted()) return;
    looking.run(() => {
      run.poll();
      if (run.active) live.update();
    });
    if (!run.active) return live.end();
    lookAgain(looking.wait);
  };
  const lookAgain = (seconds: number) =>
    setTimeout(() => {
      look().catch((error: unknown) => {
        // Such as a folder that was deleted meanwhile.
        if (!(error instanceof UserError)) throw error;
        console.error(error.message);
      });
    }, seconds * 1000);
  if (run.active && run.steerable) controls(run);
  if (run.active) lookAgain(lookInterval);
  else void live.end();
}
