import { setTimeout as pause } from 'node:timers/promises';
import type { Redis } from 'ioredis';

/** Milliseconds for which one look waits; a stream that is followed from now on is in the next one. */
const wait = 100;
/** Entries of each stream that are read at once. */
const atOnce = 100;

interface Followed {
  last: string;
  readonly take: (text: string, id: string) => Promise<void> | void;
  readonly fail: (error: Error) => void;
}

/** Reads many streams of Redis as they grow, over one connection of its own. */
export class Follower {
  private readonly streams = new Map<string, Followed>();
  private readonly client: Redis;
  private looking = false;
  private closed = false;

  constructor(client: Redis) {
    this.client = client.duplicate();
    this.client.on('error', () => {}); // it connects again
  }

  /**
   * @param last id of the entry after which it begins
   * @param take gets the text of each entry, one after the other; nothing more is read until it is done
   * @param fail is told once what `take` threw; the stream is then no longer followed
   * @returns a function that ends it
   */
  follow(stream: string, last: string, take: Followed['take'], fail: Followed['fail']): () => void {
    const followed = { last, take, fail };
    this.streams.set(stream, followed);
    if (!this.looking) void this.look();
    return () => {
      if (this.streams.get(stream) === followed) this.streams.delete(stream);
    };
  }

  close(): void {
    this.closed = true;
    this.streams.clear();
    this.client.disconnect();
  }

  private async look(): Promise<void> {
    this.looking = true;
    while (!this.closed && this.streams.size > 0) {
      const found = await this.read([...this.streams.keys()]);
      await Promise.all(found.map(([name, entries]) => this.hand(name, entries)));
    }
    this.looking = false;
  }

  private async hand(name: string, entries: [string, string[]][]): Promise<void> {
    const followed = this.streams.get(name);
    if (!followed) return;
    try {
      for (const [id, [, text]] of entries) {
        if (this.streams.get(name) !== followed) return;
        await followed.take(text, id);
        followed.last = id;
      }
    } catch (error) {
      if (this.streams.get(name) === followed) this.streams.delete(name);
      followed.fail(error as Error);
    }
  }

  private async read(names: string[]): Promise<[string, [string, string[]][]][]> {
    const ids = names.map(name => this.streams.get(name)!.last);
    try {
      const how = ['COUNT', atOnce, 'BLOCK', wait, 'STREAMS'] as const;
      return (await this.client.xread(...how, ...names, ...ids)) ?? [];
    } catch {
      if (!this.closed) await pause(wait); // the server is being restarted
      return [];
    }
  }
}
