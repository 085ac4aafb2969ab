/**
 * What code prints, as stream messages. tslab 1.0.22 sends a message for each call: Jupyter's server drops output above
 * 1000 messages a second. Here what is printed within 50 ms goes together, in order with all other outputs.
 */
import { writeSync } from 'node:fs';
import { Writable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { currentCell, type Cell } from '../cell';
import { isOver } from '../stopping';

/** Milliseconds. */
const flushInterval = 50;
/** Characters. */
const flushSize = 1 << 20;

type StreamName = 'stdout' | 'stderr';
type Send = (name: StreamName, text: string, cell: Cell) => void;

/**
 * A stream that hands on what it gets at once. Node's own remembers that it is writing; a cell that is broken off while
 * it prints would leave it so for ever.
 */
class Output extends Writable {
  constructor(private readonly take: (data: Buffer) => void) {
    super();
  }

  override write(data: string | Uint8Array, ...rest: unknown[]): boolean {
    const encoding = typeof rest[0] === 'string' ? (rest[0] as BufferEncoding) : 'utf8';
    this.take(typeof data === 'string' ? Buffer.from(data, encoding) : Buffer.from(data));
    const written = rest[rest.length - 1];
    if (typeof written === 'function') process.nextTick(written);
    return true;
  }
}

export class Streams {
  private waiting: { name: StreamName; cell: Cell; text: string; since: number } | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly send: Send) {}

  /**
   * Take over the process's streams. What is written before the first cell goes where it always went, to Jupyter's own
   * output. The original streams are never touched: Node would switch the pipe that is shared with Jupyter to
   * non-blocking, and Jupyter would lose some of its own lines.
   */
  install(): void {
    for (const [name, fd] of [
      ['stdout', 1],
      ['stderr', 2],
    ] as const) {
      const decoder = new StringDecoder();
      const take = (data: Buffer) => {
        const cell = currentCell();
        if (cell && isOver(cell)) return; // it was stopped
        if (cell) this.write(name, decoder.write(data), cell);
        else writeSync(fd, data);
      };
      Object.defineProperty(process, name, { value: new Output(take), configurable: true });
    }
  }

  write(name: StreamName, text: string, cell: Cell): void {
    if (this.waiting && (this.waiting.name !== name || this.waiting.cell !== cell)) this.flush();
    this.waiting ??= { name, cell, text: '', since: performance.now() };
    this.waiting.text += text;
    // A loop that never yields gets no timer event, so look at the clock as well.
    const { since, text: all } = this.waiting;
    if (all.length >= flushSize || performance.now() - since >= flushInterval) this.flush();
    else this.timer ??= setTimeout(() => this.flush(), flushInterval);
  }

  /** To be called before any other output, so that the order stays. */
  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const { waiting } = this;
    this.waiting = undefined;
    if (waiting && waiting.text !== '') this.send(waiting.name, waiting.text, waiting.cell);
  }
}
