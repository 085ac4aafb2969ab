// What the set-up shows: a line for each step that is done. Between them a terminal has a line that is redrawn; a file
// gets one now and then, so that it is never silent for long.
import { bytesIn } from './record.mjs';

/** Seconds from one sign of life to the next, in a file. */
const interval = 10;

const clock = since => `${((Date.now() - since) / 1000).toFixed(1)} s`;

export class Screen {
  /** The steps at work: name, folder, start (ms), the last line that their command printed. */
  atWork = new Map();
  start = Date.now();

  constructor(stream = process.stdout) {
    this.stream = stream;
    this.terminal = stream.isTTY === true;
    const seconds = this.terminal ? 0.5 : interval;
    this.timer = setInterval(() => this.draw(), 1000 * seconds);
  }

  /** Run a step and say how long it took. */
  async perform(step) {
    const work = { start: Date.now(), folder: step.grows ?? step.folder, line: '' };
    this.atWork.set(step.name, work);
    try {
      const remark = await step.run(line => (work.line = line));
      this.print(`${step.name.padEnd(20)}${clock(work.start).padStart(8)}${remark ? `  ${remark}` : ''}`);
    } catch (error) {
      this.print(`${step.name.padEnd(20)}  failed`);
      throw error;
    } finally {
      this.atWork.delete(step.name);
    }
  }

  print(line) {
    this.stream.write(`${this.terminal ? '\r\x1b[K' : ''}${line}\n`);
    this.timer.refresh();
  }

  draw() {
    if (this.atWork.size === 0) return;
    const status = `${clock(this.start)}: ${[...this.atWork].map(describe).join('; ')}`;
    if (this.terminal) this.stream.write(`\r\x1b[K${status.slice(0, (this.stream.columns ?? 80) - 1)}`);
    else this.print(`  … ${status}`);
  }

  close() {
    clearInterval(this.timer);
    if (this.terminal) this.stream.write('\r\x1b[K');
  }
}

/** Megabytes on the disk and not from the web, which npm and pip do not tell. */
function describe([name, { folder, line }]) {
  const megabytes = folder ? `, ${Math.round(bytesIn(folder) / 1e6)} MB` : '';
  const printed = line.replace(/\s+/g, ' ').slice(0, 60);
  return `${name}${megabytes}${printed ? ` (${printed})` : ''}`;
}
