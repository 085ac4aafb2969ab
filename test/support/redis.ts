/** Tests that need Redis: left out without it, but not in CI. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { findRedis, RedisServer } from '../../bench/queue/redis_server';

const needed = process.env.SCANLINE_NEEDS_REDIS === '1';

/** Why tests are left out, or false. Where Redis is needed, as in CI, they run and fail without it. */
export const skip =
  needed || findRedis() !== undefined ? false : 'no redis-server on the PATH: apt-get install redis-server';

/** A folder that is removed after the tests of the file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'scanline-queue-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Its own server, ended after the tests of the file. @param options as on its command line */
export async function redisServer(options?: readonly string[]): Promise<RedisServer> {
  const server = await RedisServer.start(temporaryFolder(), options);
  after(() => server.end('SIGKILL'));
  return server;
}
