/** A Redis of one's own, on a free port of this machine alone, with its files in a folder that is given. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { Redis } from 'ioredis';

/** Is redis-server (or Valkey's) on the PATH? */
export function findRedis(): string | undefined {
  return ['redis-server', 'valkey-server'].find(name => spawnSync(name, ['--version']).status === 0);
}

export class RedisServer {
  private server?: ChildProcess;

  private constructor(
    private readonly program: string,
    private readonly folder: string,
    private readonly port: number,
    private readonly options: readonly string[],
  ) {}

  /** @param options as on its command line. Default: an append-only file, in which nothing is lost */
  static async start(
    folder: string,
    options: readonly string[] = ['--appendonly', 'yes', '--save', ''],
  ): Promise<RedisServer> {
    const program = findRedis();
    if (program === undefined) throw new Error('no redis-server on the PATH: apt-get install redis-server');
    const server = new RedisServer(program, folder, await freePort(), options);
    await server.begin();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** End it as a machine that fails does, and start it again from its append-only file. */
  async restart(): Promise<void> {
    await this.end('SIGKILL');
    await this.begin();
  }

  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const { server } = this;
    if (!server || server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, 'exit');
    server.kill(signal);
    await ended;
  }

  private async begin(): Promise<void> {
    const place = ['--port', String(this.port), '--bind', '127.0.0.1', '--dir', this.folder];
    this.server = spawn(this.program, [...place, ...this.options], { stdio: 'ignore' });
    const retry = { maxRetriesPerRequest: null, retryStrategy: () => 50, enableReadyCheck: false };
    const client = new Redis(this.url, retry);
    client.on('error', () => {});
    // Waits until it answers, if only that it wants a password, and has read its file.
    while (/LOADING/.test(await client.ping().catch(String)))
      await new Promise(resolve => setTimeout(resolve, 20));
    client.disconnect();
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject).listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
