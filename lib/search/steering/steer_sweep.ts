import { UserError } from '../../base/errors';
import { lockOwner } from '../../base/files/lock';
import { jsString } from '../../base/quote';
import type { Sample, Space } from '../space';
import { readSweepInfo, sweepFolder, type SweepInfo } from '../sweep_file';
import { narrow, pin } from './changes';
import { sendSweepRequest, type SweepRequest } from './requests';

/** Steers a search that is going on. What is asked is done within about a second, or after the running test. */
export interface SweepSteering {
  /** The search's. */
  readonly folder: string;
  /**
   * Look in a part of the space from now on. Trials that have begun stay; in a grid, points outside are left out.
   * @param part narrower ranges or fewer choices for some of the settings; `choice([0.001])` fixes one
   * @throws UserError for what is no part of the search's space
   */
  narrow(part: Space): void;
  /**
   * One more trial, which begins before all others that have not begun.
   * @param settings some or all of the space's; the search's method chooses the others
   * @throws UserError for a setting that is not searched, or a value outside the space
   */
  pin(settings: Sample): void;
  /**
   * Stop a trial at its next test, as one that is hopeless.
   * @throws UserError unless it is running
   */
  stopTrial(trial: number): void;
}

/**
 * Steer a search while it goes on, from another process or notebook, or from the same notebook if its cell does not
 * await the search.
 * @param folder of the search: a path, or its name in `runs`
 * @throws UserError if it is no search's folder; each method does if nobody is going on with the search
 *
 * @example
 * const steering = steerSweep('2026-11-26_02-59-25-search-sweep');
 * steering.narrow({ learningRate: logUniform(1e-3, 1e-2) });
 * steering.pin({ learningRate: 0.003, numHidden: 200 });
 * steering.stopTrial(7);
 */
export function steerSweep(folder: string): SweepSteering {
  const path = sweepFolder(folder);
  const ask = (request: SweepRequest, check: (info: SweepInfo) => void) => {
    const info = readSweepInfo(path); // a copy: the check may change it
    if (!lockOwner(path)) {
      throw new UserError(
        `Expected a search that is going on in ${path}, found that no process works there: resumeSweep(` +
          `${jsString(path)}, data) goes on with it`,
      );
    }
    check(info);
    sendSweepRequest(path, request);
  };
  return {
    folder: path,
    narrow: part => ask({ ask: 'narrow', space: part as never }, info => narrow(info, part)),
    pin: settings => ask({ ask: 'pin', settings: settings as never }, info => void pin(info, settings)),
    stopTrial: trial => ask({ ask: 'stop', trial }, ({ trials }) => checkRunning(trials, trial)),
  };
}

function checkRunning(trials: SweepInfo['trials'], number: number): void {
  const trial = trials.find(each => each.number === number);
  if (trial?.state === 'running') return;
  const running = trials.filter(({ state }) => state === 'running').map(each => each.number);
  const found = trial ? `trial ${number}, which is ${trial.state}` : `${number} of ${trials.length} trials`;
  throw new UserError(
    `Expected a trial that is running, found ${found}: now running ${running.length === 1 ? 'is' : 'are'} ` +
      (running.join(', ') || 'none'),
  );
}
