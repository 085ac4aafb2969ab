import { clock, percent, showValue } from '../base/format';
import { AsyncResource } from 'node:async_hooks';
import { basename } from 'node:path';
import { errorCurves } from '../charts/error_curves';
import { drawLiveCurves } from '../charts/live_curves';
import { fontSize } from '../charts/parts/theme';
import type { History } from '../base/history';
import { currentKernel } from '../display/kernel_api';
import { readable } from '../base/readable';
import type { LiveSettings, Steerable } from '../training/steerable';
import { escapeHtml, fixed, plotlyLines, textOf } from '../base/text';
import { Throttle } from '../base/throttle';
import { outputScreen, widgetScreen, type LiveScreen } from './live/live_screen';
import { rateInUse } from './rate_in_use';

/** Seconds from one drawing to the next, at least. */
const drawingInterval = 0.2;
/** Most of the time that drawing may take. */
const drawingShare = 0.02;
/** Steps over which the error rate on the training batches is averaged. */
const averaged = 50;

export interface LiveOptions {
  /** Steps of the whole training; Infinity where that is not known. */
  totalSteps: number;
  /** Asked at each drawing: `training`, `paused`, … By default it trains until the last step, or the stop button. */
  status?: () => string;
  /** Asked at each drawing: settings to be shown beside the figures. Default: none. */
  settings?: () => Readonly<Record<string, number>>;
  /** Draw in a widget, which comes back when the page is reloaded, while the kernel lives. Default false. */
  widget?: boolean;
}

/** The history of a run, which is another one after a return to an earlier checkpoint. */
export const historyOf = (
  run: Steerable & { readonly folder: string; readonly recorded?: boolean },
): History & { folder?: string } => ({
  get train() {
    return run.history.train;
  },
  get test() {
    return run.history.test;
  },
  get changes() {
    return run.history.changes;
  },
  folder: run.recorded === false ? undefined : run.folder,
});

/** What is shown of a run, besides its record. */
export function liveOptionsOf(run: Steerable, settings = (): LiveSettings => run.settings): LiveOptions {
  return {
    get totalSteps() {
      return run.totalSteps;
    },
    status: () => run.status,
    settings,
  };
}

/**
 * One output of the running cell in which the curves of a training grow: progress with the time left, the newest
 * figures, and a drawing that is made some times a second, however fast the steps are. `end` puts the interactive
 * chart in its place, with its picture. Outside a notebook it shows nothing.
 *
 * @example
 * const live = new LiveTraining(run.history, { totalSteps: run.totalSteps });
 * live.update(); // in the loop, after each step
 * await live.end(); // and after the loop
 */
export class LiveTraining {
  private readonly kernel = currentKernel();
  private readonly screen?: LiveScreen;
  /** From where the speed is measured. */
  private firstStep: number;
  private readonly drawing = new Throttle(drawingInterval, { share: drawingShare });
  /** The stop button has ended the cell, perhaps in the middle of a step: no `end` may follow. */
  private interrupted = false;

  /** @param history grows while this shows it: a `Run`, or any other record */
  constructor(
    private readonly history: History & { readonly folder?: string },
    private readonly options: LiveOptions,
  ) {
    this.firstStep = history.train.length;
    if (this.kernel) this.screen = (options.widget ? widgetScreen : outputScreen)(this.kernel);
    this.draw();
    // In a notebook the kernel listens as well, so that the signal still ends the cell.
    if (this.kernel) process.on('SIGINT', this.onInterrupt);
  }

  private readonly onInterrupt = AsyncResource.bind(() => {
    if (!this.kernel?.interrupted()) return; // training stops gracefully by itself
    this.interrupted = true;
    process.off('SIGINT', this.onInterrupt);
    this.draw();
  });

  /** Something new was measured. Draws only when it is time to. */
  update(): void {
    if (!this.interrupted && this.drawing.due) this.draw();
  }

  /** Something changed that must be seen at once, such as a pause. */
  redraw(): void {
    this.draw();
  }

  /** Put the interactive chart in the place of the drawing. */
  async end(): Promise<void> {
    if (!this.screen) return;
    process.off('SIGINT', this.onInterrupt);
    const figure = errorCurves(this.history);
    // Two lines, which fit beside the toolbar on a narrow page. Plotly counts the first from its baseline.
    const title = {
      text: plotlyLines(this.summary()),
      font: { size: fontSize },
      x: 0,
      y: 1,
      yanchor: 'top',
      pad: { t: 28, l: 4 },
    } as const;
    const { margin, height = 520 } = figure.layout;
    const layout = { ...figure.layout, title, margin: { ...margin, t: 70 }, height: height + 40 };
    await this.screen.end({ ...figure, layout }, this.html());
  }

  /** `epoch 1, step 430 of 2577, 17.2 steps/s, 2:05 left, loss 0.1234, train error 3.20 %` */
  toString(): string {
    return [this.position(), ...this.figures()].join(', ');
  }

  /** Seconds spent on drawing. */
  get cost(): number {
    return this.drawing.cost;
  }

  private draw(): void {
    const { screen } = this;
    if (screen) this.drawing.run(() => screen.draw(this.html(), String(this)));
  }

  private html(): string {
    const { totalSteps } = this.options;
    const { train } = this.history;
    this.firstStep = Math.min(this.firstStep, train.length); // it may have gone back to a checkpoint
    const goesOn = Number.isFinite(totalSteps) && ['training', 'paused', 'stopping'].includes(this.status());
    const bar = `<progress max="${escapeHtml(totalSteps)}" value="${train.length}" style="width: 20em"></progress> `;
    return [
      `<div>${goesOn ? bar : ''}${escapeHtml(this.position())}</div>`,
      `<div style="margin: 4px 0">${escapeHtml(this.figures().join(' · '))}</div>`,
      drawLiveCurves(this.history, totalSteps),
      goesOn ? this.hint() : '',
    ].join('');
  }

  /** For whoever finds this in a page that was reloaded, or in a saved notebook: outputs there grow no more. */
  private hint(): string {
    const { folder } = this.history;
    if (folder === undefined || this.options.widget) return '';
    return (
      '<div style="font-size: 85%; opacity: 0.7">This stands still after a reload of the page, though the training ' +
      `may go on: <code>${escapeHtml(`watch('${basename(folder)}')`)}</code>, in another notebook while this one trains, shows it live.</div>`
    );
  }

  private status(): string {
    if (this.interrupted) return 'stopped';
    const { status, totalSteps } = this.options;
    return status?.() ?? (this.history.train.length < totalSteps ? 'training' : 'finished');
  }

  /** `epoch 1, step 430 of 2577, 17.2 steps/s, 2:05 left` */
  private position(): string {
    const { totalSteps } = this.options;
    const { train } = this.history;
    const status = this.status();
    const last = train[train.length - 1];
    const parts = [`epoch ${textOf(last?.epoch ?? 0)}`, `step ${ofTotal(train.length, totalSteps)}`];
    if (status !== 'training') return [...parts, status].join(', ');
    // The first step takes seconds, for it is compiled: it is left out of the estimate.
    const first = train[this.firstStep];
    const rate = (train.length - this.firstStep - 1) / (last?.seconds - first?.seconds);
    if (!(rate > 0)) return [...parts, 'compiling the training step'].join(', ');
    const speed = rate < 10 ? rate.toFixed(1) : rate.toFixed(0);
    const left = (totalSteps - train.length) / rate;
    return [...parts, `${speed} steps/s`, ...(Number.isFinite(left) ? [`${clock(left)} left`] : [])].join(
      ', ',
    );
  }

  private figures(): string[] {
    const { train, test } = this.history;
    const shown: Readonly<Partial<Record<string, number>>> = this.options.settings?.() ?? {};
    const { learningRate, manualLearningRate, ...others } = shown;
    const rate = rateInUse({ manualLearningRate }, this.history);
    const settings = rate === undefined && learningRate !== undefined ? { learningRate, ...others } : others;
    const { gradientNorm } = train[train.length - 1] ?? {};
    const recent = train.slice(-averaged);
    const trainError = recent.reduce((sum, { errorRate }) => sum + errorRate, 0) / recent.length;
    return [
      ...(recent.length > 0
        ? [`loss ${fixed(recent[recent.length - 1].loss, 4)}`, `train error ${percent(trainError)}`]
        : []),
      ...(gradientNorm === undefined ? [] : [`gradient norm ${showValue(gradientNorm)}`]),
      ...testFigures(test),
      ...(rate === undefined ? [] : [rate]),
      ...Object.entries(settings).map(([name, value]) => `${name} ${showValue(value)}`),
    ];
  }

  /** `stopped: step 310 of 2577 in 0:19`, and `test error 3.20 %` */
  private summary(): string[] {
    const { totalSteps } = this.options;
    const { train, test } = this.history;
    const { seconds = 0 } = train[train.length - 1] ?? {};
    const steps =
      train.length === totalSteps ? `${totalSteps} steps` : `step ${ofTotal(train.length, totalSteps)}`;
    return [`${this.status()}: ${steps} in ${clock(seconds)}`, ...testFigures(test)];
  }
}

readable(LiveTraining.prototype, { text: live => `LiveTraining: ${String(live)}` });

function ofTotal(step: number, total: number): string {
  return Number.isFinite(total) ? `${step} of ${total}` : String(step);
}

function testFigures(test: History['test']): string[] {
  if (test.length === 0) return [];
  const errors = test.map(({ testError }) => testError);
  const best = errors.reduce((a, b) => Math.min(a, b));
  const last = errors[errors.length - 1];
  const averaged = test[test.length - 1].averageTestError;
  return [
    `test error ${percent(last)}${best < last ? ` (best ${percent(best)})` : ''}`,
    ...(averaged === undefined ? [] : [`with averaged weights ${percent(averaged)}`]),
  ];
}
