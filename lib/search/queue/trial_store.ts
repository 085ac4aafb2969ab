import type { Redis } from 'ioredis';
import { UserError } from '../../base/errors';
import { keyPrefix, type Command, type Entry } from './messages';
import { beginScript, interruptScript, openScript, writeScript } from './scripts';

/** Bytes of a file that travels through Redis, at most: the checkpoint of a network of some five million weights. */
export const largestFile = 64 * 2 ** 20;

/** Milliseconds for which a coordinator that is not heard of counts as there. */
const coordinatorLease = 10_000;

/** Files by their names in the run's folder. */
export type Files = ReadonlyMap<string, Uint8Array>;

/** The attempt that writes is not the newest one: another worker has the trial, or it was ended or collected. */
export class Superseded extends Error {
  override readonly name = 'Superseded';
}

/** What Redis holds of one trial. */
export class TrialStore {
  readonly stream: string;
  readonly control: string;
  private readonly state: string;
  private readonly files: string;

  constructor(
    private readonly client: Redis,
    readonly id: string,
  ) {
    this.state = `${keyPrefix}:trial:${id}`;
    [this.stream, this.files, this.control] = ['stream', 'files', 'control'].map(
      part => `${this.state}:${part}`,
    );
  }

  private get keys(): string[] {
    return [this.state, this.stream, this.files, this.control];
  }

  exists(): Promise<boolean> {
    return this.client.exists(this.state).then(count => count > 0);
  }

  /**
   * As the coordinator: collect from now on. A trial that is there goes on, also one that had been interrupted.
   * @param given what is known of one that is not there yet
   */
  async open(given?: { entry: Entry; files: Files }): Promise<void> {
    const files = [...(given?.files ?? [])];
    files.forEach(([name, bytes]) => checkSize(name, bytes));
    const contents = files.flatMap(([name, bytes]) => [name, Buffer.from(bytes)]);
    const entry = given ? JSON.stringify(given.entry) : '';
    await this.client.eval(openScript, 4, ...this.keys, entry, ...contents);
  }

  /** The id of the stream's last entry. */
  async lastEntry(): Promise<string> {
    return lastId(await this.client.xrevrange(this.stream, '+', '-', 'COUNT', 1));
  }

  /** As a worker. @returns undefined if there is nothing to do */
  async begin(): Promise<{ attempt: Attempt; tries: number; lastCommand: string } | undefined> {
    const lastCommand = lastId(await this.client.xrevrange(this.control, '+', '-', 'COUNT', 1));
    const [fence, tries] = (await this.client.eval(beginScript, 1, this.state)) as [number, number];
    if (fence === 0) return undefined;
    return { attempt: new Attempt(this.client, this.keys, fence), tries, lastCommand };
  }

  /** The texts of all entries so far, in order. */
  async entries(): Promise<string[]> {
    const found = await this.client.xrange(this.stream, '-', '+');
    return found.map(([, fields]) => fields[1]);
  }

  /** Missing ones are left out. */
  async readFiles(names: readonly string[]): Promise<Map<string, Buffer>> {
    if (names.length === 0) return new Map();
    const contents = await this.client.hmgetBuffer(this.files, ...names);
    return new Map(names.flatMap((name, i) => (contents[i] ? [[name, contents[i]] as const] : [])));
  }

  fileNames(): Promise<string[]> {
    return this.client.hkeys(this.files);
  }

  async tell(command: Command): Promise<void> {
    await this.client.xadd(this.control, '*', 'command', JSON.stringify(command));
  }

  async interrupt(): Promise<void> {
    const command: Command = { kind: 'interrupt' };
    await this.client.eval(interruptScript, 2, this.state, this.control, JSON.stringify(command));
  }

  /** All of it is collected. */
  async remove(): Promise<void> {
    await this.client.del(...this.keys);
  }
}

/** What one worker writes of a trial, until a newer attempt begins. */
export class Attempt {
  private seq = 0;
  private writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly client: Redis,
    private readonly keys: readonly string[],
    private readonly fence: number,
  ) {}

  /**
   * One after the other, in the order of the calls.
   * @throws Superseded if it is refused, and from then on; UserError for a file that is too large
   */
  write(entry: Entry, files: Files = new Map(), removed: readonly string[] = []): Promise<void> {
    for (const [name, bytes] of files) checkSize(name, bytes);
    const parts: (string | number | Buffer)[] = [removed.length, ...removed];
    for (const [name, bytes] of files) parts.push(name, Buffer.from(bytes));
    this.writing = this.writing.then(async () => {
      const ended = entry.outcome?.state ?? '';
      const args = [this.fence, ++this.seq, JSON.stringify(entry), ended, ...parts];
      if ((await this.client.eval(writeScript, 4, ...this.keys, ...args)) !== 1) {
        throw new Superseded('another worker has the trial, or it has ended');
      }
    });
    this.writing.catch(() => {}); // whoever awaits it gets the error
    return this.writing;
  }
}

/** Is anybody there who decides about early stopping? */
export class CoordinatorSign {
  private readonly key: string;

  constructor(
    private readonly client: Redis,
    sweep: string,
  ) {
    this.key = `${keyPrefix}:sweep:${sweep}:coordinator`;
  }

  /** @returns a function that ends it */
  show(): () => Promise<void> {
    const renew = () => this.client.set(this.key, '1', 'PX', coordinatorLease).catch(() => {});
    void renew();
    const timer = setInterval(() => void renew(), coordinatorLease / 3);
    return async () => {
      clearInterval(timer);
      await this.client.del(this.key);
    };
  }

  async isThere(): Promise<boolean> {
    return (await this.client.exists(this.key)) > 0;
  }
}

function lastId(entries: readonly [string, unknown][]): string {
  return entries[0]?.[0] ?? '0-0';
}

function checkSize(name: string, { length }: Uint8Array): void {
  if (length <= largestFile) return;
  const megabytes = (bytes: number) => `${Math.ceil(bytes / 2 ** 20)} MiB`;
  throw new UserError(
    `Expected files of at most ${megabytes(largestFile)} to send through Redis, found ${name} with ` +
      `${megabytes(length)}: train this network without a queue, or a smaller one (numHidden, numLayers)`,
  );
}
