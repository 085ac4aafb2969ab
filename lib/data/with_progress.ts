import { basename } from 'node:path';
import { StatusLine } from '../base/status_line';
import { Throttle } from '../base/throttle';
import type { Progress } from './download';

/** What lasts shorter is not shown. Also the time from one plain line to the next. */
const quietSeconds = 2;

interface Screen {
  /** Draw a line in place rather than print lines. Default: whether the standard error output is a terminal. */
  readonly terminal?: boolean;
  /** Takes the plain lines. Default console.log. */
  readonly log?: (line: string) => void;
  /** Seconds, from any start. */
  readonly now?: () => number;
}

/** Do the work and show its progress: a line in place on a terminal, plain lines elsewhere; nothing if it is done soon. */
export async function withProgress<T>(
  name: string,
  work: (onProgress: (progress: Progress) => void) => Promise<T>,
  screen: Screen = {},
): Promise<T> {
  const { terminal = process.stderr.isTTY, log = console.log, now } = screen;
  const label = basename(name);
  const status = new StatusLine({ stream: process.stderr });
  const lines = new Throttle(quietSeconds, { now });
  lines.restart();
  try {
    return await work(progress => {
      if (!lines.due) return;
      if (terminal) return status.update(() => `${label}: ${describe(progress)}`);
      lines.restart();
      log(`${label}: ${describe(progress)}`);
    });
  } finally {
    status.end();
  }
}

/** `5.2 of 9.9 MB, 1.3 MB/s, 4 s left` */
export function describe({ received, total, bytesPerSecond, secondsLeft }: Progress): string {
  const mega = (bytes: number) => (bytes / 1e6).toFixed(1);
  const size = total === undefined ? '' : ` of ${mega(total)}`;
  const left = secondsLeft === undefined ? '' : `, ${Math.ceil(secondsLeft)} s left`;
  return `${mega(received)}${size} MB, ${mega(bytesPerSecond)} MB/s${left}`;
}
