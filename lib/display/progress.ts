import { clock } from '../base/format';
import { randomUUID } from 'node:crypto';
import { UserError } from '../base/errors';
import { readable } from '../base/readable';
import { escapeHtml } from '../base/text';
import { Throttle } from '../base/throttle';
import { currentKernel, type KernelApi } from './kernel_api';

/** Seconds from one drawing to the next: a fast loop must not drown the page in messages. */
const drawingInterval = 0.25;

/** Options of a `Progress`. */
export interface ProgressOptions {
  /** What is counted, in the plural. Default 'steps'. */
  unit?: string;
  /** Seconds, from any start. Default: the clock. */
  now?: () => number;
}

/**
 * How far a loop has come, how fast it is and how long it will still take, in one output of the cell that makes it:
 * `const progress = new Progress(1000);` and in the loop `progress.advance();`. Outside a notebook it shows nothing.
 */
export class Progress {
  private done = 0;
  private readonly drawing: Throttle;
  private readonly kernel: KernelApi | undefined;
  private readonly displayId = randomUUID();
  private readonly unit: string;
  private readonly now: () => number;
  private readonly start: number;
  /** When the first was done, which often takes longer than all others: it is left out of the estimate. */
  private firstDone?: number;

  /**
   * @param total how often `advance` will be called
   * @throws UserError unless that is a whole number above 0
   */
  constructor(
    private readonly total: number,
    { unit = 'steps', now = () => performance.now() / 1000 }: ProgressOptions = {},
  ) {
    if (!Number.isInteger(total) || total < 1) {
      throw new UserError(`Expected a whole number above 0 of ${unit}, found ${total}`);
    }
    this.unit = unit;
    this.now = now;
    this.drawing = new Throttle(drawingInterval, { now });
    this.start = now();
    this.kernel = currentKernel();
    this.draw(false);
  }

  /** One more is done. */
  advance(): void {
    this.done++;
    this.firstDone ??= this.now();
    if (this.done === this.total || this.drawing.due) this.draw(true);
  }

  /** `430 of 2577 steps, 31.2 steps/s, 1:09 left` */
  toString(): string {
    const { done, total, unit } = this;
    const count = `${done} of ${total} ${unit}`;
    if (done >= total) return `${done} ${unit} in ${clock(this.now() - this.start)}`;
    if (this.firstDone === undefined || done < 2) return count;
    const rate = (done - 1) / (this.now() - this.firstDone);
    return `${count}, ${rate.toFixed(1)} ${unit}/s, ${clock((total - done) / rate)} left`;
  }

  private draw(update: boolean): void {
    this.drawing.restart();
    const { displayId, done, total } = this;
    const bar =
      done < total ? `<progress max="${total}" value="${done}" style="width: 20em"></progress> ` : '';
    const bundle = {
      'text/html': `<div>${bar}${escapeHtml(String(this))}</div>`,
      'text/plain': String(this),
    };
    this.kernel?.display(bundle, { displayId, update });
  }
}

readable(Progress.prototype, { text: progress => `Progress: ${String(progress)}` });
