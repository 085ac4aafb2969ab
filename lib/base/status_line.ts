import { Throttle } from './throttle';

/** Milliseconds from one redrawing to the next, at least. */
const redrawInterval = 100;

/** Options of a `StatusLine`. */
export interface StatusLineOptions {
  /** Default: the process's standard output. */
  stream?: Pick<NodeJS.WriteStream, 'write' | 'isTTY' | 'columns'>;
  /** Seconds without a line after which a file gets the status as one. Default 10. */
  quietSeconds?: number;
  /** Milliseconds, from any start. Default: the clock. */
  now?: () => number;
}

/**
 * What is going on, in the shell: a terminal has it in one line that is redrawn in place and never wraps; a file gets
 * it as a line now and then, so that it is not silent for long.
 */
export class StatusLine {
  private readonly stream: NonNullable<StatusLineOptions['stream']>;
  private readonly drawing: Throttle;
  private readonly lines: Throttle;
  private visible = false;

  constructor({
    stream = process.stdout,
    quietSeconds = 10,
    now = () => performance.now(),
  }: StatusLineOptions = {}) {
    this.stream = stream;
    this.drawing = new Throttle(redrawInterval, { now });
    this.lines = new Throttle(1000 * quietSeconds, { now });
    this.lines.restart();
  }

  /** @param text asked for only when it is shown; `columns` is the room for it */
  update(text: (columns: number) => string): void {
    if (!this.stream.isTTY) {
      if (this.lines.due) this.log(text(Infinity));
    } else if (this.drawing.due) {
      const columns = (this.stream.columns || 80) - 1; // a terminal may wrap a line that fills it
      this.stream.write(`\r\x1b[K${text(columns).slice(0, columns)}`);
      this.drawing.restart();
      this.visible = true;
    }
  }

  /** A line that stays, above the status. */
  log(line: string): void {
    this.end();
    this.stream.write(`${line}\n`);
    this.lines.restart();
  }

  /** Take the status away. The next update draws it again at once. */
  end(): void {
    if (this.visible) this.stream.write('\r\x1b[K');
    this.visible = false;
    this.drawing.reset();
  }
}

/** `[####    ]` with so many characters between the brackets; nothing where there is no room for at least ten. */
export function bar(fraction: number, width: number): string {
  if (!Number.isFinite(width) || width < 10) return '';
  const full = Math.round(Math.min(1, Math.max(0, fraction)) * width);
  return `[${'#'.repeat(full)}${' '.repeat(width - full)}]`;
}
