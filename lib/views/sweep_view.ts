import { clock, percent, showSettings } from '../base/format';
import { randomUUID } from 'node:crypto';
import { currentKernel, type KernelApi } from '../display/kernel_api';
import { pathInProject } from '../base/project';
import { jsString } from '../base/quote';
import { remedy } from '../base/remedy';
import { escapeHtml } from '../base/text';
import { Throttle } from '../base/throttle';
import { tableHtml, tableText } from '../display/table';
import type { SweepInfo, SweepTrial } from '../search/sweep_file';
import type { SweepObserver } from '../search/sweep_observer';
import { bestTrial, sweepTable } from './sweep_table';

/** Seconds from one drawing to the next, at least; tests and ends of trials are drawn at once. */
const drawingInterval = 0.2;

/** Shows how a search goes. @param log takes its lines. Default console.log; in a notebook the table says it all */
export function sweepProgress(
  log: (line: string) => void = currentKernel() ? () => {} : console.log,
): SweepObserver {
  let view: SweepView | undefined;
  return {
    begin: info => void (view = new SweepView(info, log)),
    started: trial => view?.started(trial),
    stepped: () => view?.stepped(),
    tested: trial => view?.tested(trial),
    ended: trial => view?.ended(trial),
    steered: message => view?.steered(message),
    end: (info, folder) => view?.end(lastLine(folder, info)),
  };
}

/** How a search goes: in a notebook one output that is drawn anew, and elsewhere lines. */
export class SweepView {
  private readonly kernel: KernelApi | undefined = currentKernel();
  private readonly displayId = randomUUID();
  private readonly start = performance.now();
  /** What earlier processes did says nothing about the time that is left. */
  private readonly doneBefore: number;
  /** What was last asked of the search, and done. */
  private message?: string;
  private readonly drawing = new Throttle(drawingInterval);

  /**
   * @param info changes while this shows it
   * @param log takes the lines
   */
  constructor(
    private readonly info: SweepInfo,
    private readonly log: (line: string) => void,
  ) {
    this.doneBefore = this.done();
    this.draw(false);
  }

  started({ number, settings }: SweepTrial): void {
    this.log(`trial ${number} of ${this.info.trials.length}: ${showSettings(settings)}`);
    this.draw(true);
  }

  stepped(): void {
    if (this.drawing.due) this.draw(true);
  }

  tested({ number, step, totalSteps, lastTestError }: SweepTrial): void {
    this.log(`trial ${number}, step ${step} of ${totalSteps}: test error ${percent(lastTestError)}`);
    this.draw(true);
  }

  ended({ number, state, reason, bestTestError }: SweepTrial): void {
    const what = reason === undefined ? state : `${state}: ${reason}`;
    const error = bestTestError === undefined ? '' : `, best test error ${percent(bestTestError)}`;
    this.log(`trial ${number} ${what}${error}; ${this.progress()}`);
    this.draw(true);
  }

  steered(message: string): void {
    this.log(message);
    this.message = message;
    this.draw(true);
  }

  /** @param line what remains to be said */
  end(line: string): void {
    this.log(line);
    this.draw(true, line);
  }

  /** `3 of 20 trials done, 4:10 left, best test error 2.31 % in trial 2` */
  private progress(): string {
    const { trials } = this.info;
    const ended = trials.filter(trial => shareOf(trial) === 1 && hasEnded(trial)).length;
    const best = bestTrial(trials);
    const seconds = (performance.now() - this.start) / 1000;
    const [done, left] = [this.done() - this.doneBefore, trials.length - this.done()];
    return [
      `${ended} of ${trials.length} trials done`,
      ...(done > 0 && left > 0 ? [`${clock((seconds / done) * left)} left`] : []),
      ...(best ? [`best test error ${percent(best.bestTestError)} in trial ${best.number}`] : []),
    ].join(', ');
  }

  /** In trials; those that are running count in part. */
  private done(): number {
    return this.info.trials.reduce((sum, trial) => sum + shareOf(trial), 0);
  }

  private draw(update: boolean, line?: string): void {
    if (!this.kernel) return;
    const { space, trials } = this.info;
    const bar = `<progress max="${trials.length}" value="${this.done()}" style="width: 20em"></progress> `;
    const asked = this.message === undefined ? '' : `<br>${escapeHtml(this.message)}`;
    const head = line === undefined ? bar + escapeHtml(this.progress()) + asked : escapeHtml(line);
    const table = sweepTable(space, trials);
    const html = `<div>${head}</div>${tableHtml(table)}`;
    const text = `${line ?? this.progress()}\n${tableText(table)}`;
    this.kernel.display({ 'text/html': html, 'text/plain': text }, { displayId: this.displayId, update });
    this.drawing.restart();
  }
}

function hasEnded({ state }: SweepTrial): boolean {
  return state === 'finished' || state === 'stopped early' || state === 'broke off';
}

/** 0..1 */
function shareOf(trial: SweepTrial): number {
  if (hasEnded(trial)) return 1;
  return trial.totalSteps === undefined ? 0 : trial.step / trial.totalSteps;
}

function lastLine(folder: string, { trials }: SweepInfo): string {
  const left = trials.filter(({ state }) => state === 'waiting' || state === 'interrupted').length;
  if (left > 0) {
    const goOn = remedy({
      call: `resumeSweep(${jsString(folder)}, data)`,
      shell: 'npm run sweep -- --resume <folder>',
    });
    return `stopped with ${left} trials left: ${goOn} goes on`;
  }
  const best = bestTrial(trials);
  const found = best ? `, best test error ${percent(best.bestTestError)} in trial ${best.number}` : '';
  return `${trials.length} trials${found}; recorded in ${pathInProject(folder)}`;
}
