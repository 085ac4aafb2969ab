/** The connection to Redis (or Valkey), and whether it is set up so that nothing is lost there. */
import type { Redis } from 'ioredis';
import { UserError } from '../../base/errors';

/** Milliseconds from one attempt to connect to the next, at most. */
const longestWait = 2000;

/** The address without its password, for messages. */
export function shownAddress(url: string): string {
  return url.replace(/^(\w+:\/\/).*@/, '$1***@');
}

/**
 * Connect, and check the server's settings. Once connected, a connection that is lost is made anew, however long that
 * takes: commands wait for it.
 * @param url `redis://host:6379`, `rediss://…` for TLS; user and password stand before the host
 * @throws UserError if it is no such address, nobody answers there, or the server would lose what it is given
 */
export async function connect(url: string): Promise<Redis> {
  checkAddress(url);
  const { Redis } = await import('ioredis');
  let connected = false;
  const client = new Redis(url, {
    lazyConnect: true,
    maxRetriesPerRequest: null, // a command waits until the server is back
    retryStrategy: attempt => (connected ? Math.min(longestWait, 100 * attempt) : null),
    reconnectOnError: error => /^(LOADING|READONLY)/.test(error.message),
  });
  let problem = 'no answer';
  client.on('error', (error: Error) => (problem = describe(error))); // each command that fails says so itself
  try {
    await client.connect();
    await client.ping();
    await checkServer(client, url);
    connected = true;
    return client;
  } catch (error) {
    client.disconnect();
    if (error instanceof UserError) throw error;
    const found = /closed/i.test((error as Error).message) ? problem : describe(error as Error);
    throw new UserError(
      `Expected Redis at ${shownAddress(url)}, found ${found}: start it there (redis-server), or give the ` +
        'address of another one; a password stands in it as redis://:password@host:6379',
    );
  }
}

function checkAddress(url: string): void {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed && ['redis:', 'rediss:'].includes(parsed.protocol) && parsed.hostname !== '') return;
  throw new UserError(
    `Expected the address of a queue such as redis://host:6379, or rediss:// for TLS, found ${shownAddress(url)}`,
  );
}

function describe(error: Error): string {
  const { code } = error as NodeJS.ErrnoException;
  return code ?? error.message;
}

/**
 * A server that deletes what it was given when memory is short, or forgets it when it is restarted, would lose trials.
 * @throws UserError with the remedy
 */
export async function checkServer(client: Redis, url: string): Promise<void> {
  const policy = field(await client.info('memory'), 'maxmemory_policy');
  if (policy !== undefined && policy !== 'noeviction') {
    throw new UserError(
      `Expected Redis at ${shownAddress(url)} to keep what it is given, found the maxmemory-policy ${policy}, which ` +
        'deletes keys when memory is short: redis-cli CONFIG SET maxmemory-policy noeviction, and the same line in redis.conf',
    );
  }
  const appends = field(await client.info('persistence'), 'aof_enabled') === '1';
  if (appends || (await savesSnapshots(client))) return;
  throw new UserError(
    `Expected Redis at ${shownAddress(url)} to write to its disk, found neither an append-only file nor snapshots, so ` +
      'that a restart would lose all trials: redis-cli CONFIG SET appendonly yes, and the same line in redis.conf',
  );
}

/** A hosted server may refuse to tell; it has backups of its own. */
async function savesSnapshots(client: Redis): Promise<boolean> {
  try {
    const [, rules] = (await client.config('GET', 'save')) as string[];
    return rules !== '';
  } catch {
    return true;
  }
}

function field(text: string, name: string): string | undefined {
  return new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(text)?.[1];
}
