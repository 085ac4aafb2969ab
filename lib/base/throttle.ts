/** Options of a `Throttle`. */
export interface ThrottleOptions {
  /** Most of the time that the work may take, 0..1. Default 1. */
  readonly share?: number;
  /** The time, from any start. Default: the clock, in seconds. */
  readonly now?: () => number;
}

/**
 * Lets work be done now and then only, however often it is asked for: a fast loop must not drown a page in drawings.
 * @example
 * const drawing = new Throttle(0.2);
 * for (const step of range(1000)) if (drawing.due) drawing.run(() => console.log(step));
 */
export class Throttle {
  private next = -Infinity;
  private spent = 0;
  private readonly share: number;
  private readonly now: () => number;

  /** @param interval from the end of one run to the start of the next, at least, in the unit of `now` */
  constructor(
    private readonly interval: number,
    { share = 1, now = () => performance.now() / 1000 }: ThrottleOptions = {},
  ) {
    this.share = share;
    this.now = now;
  }

  /** Whether it is time; at first it is. */
  get due(): boolean {
    return this.now() >= this.next;
  }

  /** How long to wait until it is time. */
  get wait(): number {
    return Math.max(0, this.next - this.now());
  }

  /** The time that all runs took. */
  get cost(): number {
    return this.spent;
  }

  /** Do the work, whether it is time or not; the interval begins anew. */
  run<T>(work: () => T): T {
    const start = this.now();
    try {
      return work();
    } finally {
      this.restart(this.now() - start);
    }
  }

  /** The interval begins anew, as after a run. @param cost how long that took */
  restart(cost = 0): void {
    this.spent += cost;
    this.next = this.now() + Math.max(this.interval, cost / this.share);
  }

  /** It is time at once. */
  reset(): void {
    this.next = -Infinity;
  }
}
