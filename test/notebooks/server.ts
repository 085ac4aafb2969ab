/** Servers as `npm run lab` and `npm run tensorboard` start them, in a copy of the project or in another one. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { eventually } from './eventually';
import { smoke, type Mirror } from './mirror';

export interface Server {
  /** Without a slash at its end. */
  url: string;
  stop(): Promise<void>;
}

const token = 'a-token-for-the-test';

const ofCopy = (script: string) => ['--require', 'ts-node/register', join('scripts', script)];

/**
 * JupyterLab with default settings, whatever the user's own are; without the question whether to show news.
 * @param command what Node runs
 */
export async function startLab(
  { folder }: Pick<Mirror, 'folder'>,
  command = ofCopy('lab.ts'),
): Promise<Server & { token: string }> {
  const jupyter = join(folder, 'jupyter');
  const appSettings = join(jupyter, 'settings', '@jupyterlab', 'apputils-extension');
  mkdirSync(appSettings, { recursive: true });
  writeFileSync(join(appSettings, 'notification.jupyterlab-settings'), '{ "fetchNews": "false" }');
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const args = ['--no-browser', '--allow-root', `--ServerApp.port=${port}`, '--ServerApp.port_retries=0'];
  const server = await start([...command, ...args, `--IdentityProvider.token=${token}`], {
    folder,
    url,
    ready: `${url}/api/status?token=${token}`,
    environment: {
      JUPYTER_CONFIG_DIR: join(jupyter, 'config'),
      JUPYTER_DATA_DIR: join(jupyter, 'data'),
      JUPYTER_RUNTIME_DIR: join(jupyter, 'runtime'),
      JUPYTERLAB_SETTINGS_DIR: join(jupyter, 'settings'),
      JUPYTERLAB_WORKSPACES_DIR: join(jupyter, 'workspaces'),
    },
  });
  return { ...server, token };
}

/** TensorBoard on the copy's runs. */
export async function startTensorBoard({ folder }: Mirror): Promise<Server> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const command = [...ofCopy('tensorboard.ts'), `--port=${port}`];
  return start(command, { folder, url, ready: url, environment: {} });
}

interface Start {
  folder: string;
  url: string;
  /** Answers as soon as the server does. */
  ready: string;
  environment: Record<string, string>;
}

async function start(command: string[], { folder, url, ready, environment }: Start): Promise<Server> {
  const child = spawn(
    process.execPath,
    command,
    // A process group of its own: the script, the server and what that starts end together.
    { cwd: folder, detached: true, stdio: ['ignore', 'pipe', 'pipe'], env: { ...smoke, ...environment } },
  );
  const log: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => log.push(String(chunk)));
  const kill = () => signal(child, 'SIGKILL');
  process.once('exit', kill);
  const stop = async () => {
    await end(child);
    process.off('exit', kill);
  };
  try {
    await eventually(`${command.join(' ')} answers`, async () => {
      if (child.exitCode !== null) throw new Error(`${command.join(' ')} ended with status ${child.exitCode}`);
      return (await fetch(ready).catch(() => undefined))?.ok === true;
    });
  } catch (error) {
    await stop();
    throw new Error(`${String(error)}\n${log.join('')}`, { cause: error });
  }
  return { url, stop };
}

/** Resolves when all processes of the group have ended: only then is the pipe of their output closed. */
async function end(child: ChildProcess): Promise<void> {
  const closed = new Promise(resolve => child.once('close', resolve));
  const kill = setTimeout(() => signal(child, 'SIGKILL'), 20_000);
  if (signal(child, 'SIGTERM')) await closed;
  clearTimeout(kill);
}

/** @returns whether there was anyone to get it */
function signal({ pid }: ChildProcess, name: NodeJS.Signals): boolean {
  try {
    return pid !== undefined && process.kill(-pid, name);
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise(resolve => server.close(resolve));
  return port;
}
