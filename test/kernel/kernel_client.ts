/** A front end for tests: starts the installed kernel through Jupyter's own client (driver.py) and talks to it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export const root = join(__dirname, '..', '..');
const python = join(root, '.venv', 'bin', 'python');

type Content = Record<string, unknown>;

export interface KernelMessage {
  channel: 'iopub' | 'shell' | 'control' | 'stdin';
  msg_type: string;
  header: Content;
  parent_header: { msg_id?: string };
  metadata: Content;
  content: Content;
  /** base64 */
  buffers: string[];
}

interface CommandResult {
  done: string;
  alive: boolean;
  pid: number;
}

/** What came of a cell. */
export interface Execution {
  /** The execute_reply's content. */
  reply: Content;
  /** Everything published for the cell, in order. */
  messages: KernelMessage[];
  stdout: string;
  stderr: string;
  /** The error message's traceback as one text; empty without an error. */
  traceback: string;
}

export class KernelClient {
  /** Every message since the start. */
  readonly messages: KernelMessage[] = [];
  private readonly results: CommandResult[] = [];
  private listeners: (() => void)[] = [];
  private readonly driver: ChildProcess;
  private readonly ended: Promise<unknown>;

  /**
   * @param folder where the notebook would be
   * @param environment variables beside those of this process
   */
  constructor(folder: string, environment: Record<string, string> = {}) {
    this.driver = spawn(python, [join(__dirname, 'driver.py'), process.execPath, folder], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, ...environment },
    });
    this.ended = new Promise(resolve => this.driver.once('exit', resolve));
    createInterface({ input: this.driver.stdout! }).on('line', line => {
      const value = JSON.parse(line) as KernelMessage | CommandResult;
      if ('done' in value) this.results.push(value);
      else this.messages.push(value);
      for (const listener of this.listeners.splice(0)) listener();
    });
  }

  /** Started, and ready to execute: iopub connected, which takes a moment, and the kernel's first answer. */
  static async start(folder: string, environment?: Record<string, string>): Promise<KernelClient> {
    const client = new KernelClient(folder, environment);
    await client.result('start');
    await client.ready();
    return client;
  }

  async ready(): Promise<void> {
    let heard = false;
    while (!heard) {
      const id = this.send('shell', 'kernel_info_request', {});
      await this.until(() => this.find(id, 'kernel_info_reply'));
      await new Promise(resolve => setTimeout(resolve, 20));
      heard = this.find(id, 'status') !== undefined;
    }
  }

  send(
    channel: 'shell' | 'control' | 'stdin',
    type: string,
    content: Content,
    extra: { metadata?: Content; buffers?: string[]; parent?: Content } = {},
  ): string {
    const id = randomUUID();
    this.command({ op: 'send', channel, type, id, content, ...extra });
    return id;
  }

  /** Send a request and wait for its reply and for "idle". */
  async request(
    type: string,
    content: Content = {},
    channel: 'shell' | 'control' = 'shell',
  ): Promise<KernelMessage> {
    const id = this.send(channel, type, content);
    await this.until(() => this.isIdle(id));
    return this.until(() => this.find(id, type.replace('_request', '_reply')));
  }

  /** Run a cell and wait for its end. */
  async execute(code: string, options: Content = {}): Promise<Execution> {
    return this.finished(this.submit(code, options));
  }

  /** Run a cell and do not wait. */
  submit(code: string, options: Content = {}): string {
    return this.send('shell', 'execute_request', {
      code,
      silent: false,
      store_history: true,
      user_expressions: {},
      allow_stdin: false,
      stop_on_error: true,
      ...options,
    });
  }

  /** Wait for the end of a cell. */
  async finished(id: string): Promise<Execution> {
    const { content } = await this.until(() => this.find(id, 'execute_reply'));
    await this.until(() => this.isIdle(id));
    const messages = this.published(id);
    const text = (name: string) =>
      messages
        .filter(({ msg_type, content }) => msg_type === 'stream' && content.name === name)
        .map(({ content }) => content.text)
        .join('');
    const error = messages.find(({ msg_type }) => msg_type === 'error');
    const traceback = ((error?.content.traceback ?? []) as string[]).join('\n');
    return { reply: content, messages, stdout: text('stdout'), stderr: text('stderr'), traceback };
  }

  /** What was published on behalf of a request. */
  published(id: string): KernelMessage[] {
    return this.messages.filter(
      ({ channel, parent_header }) => channel === 'iopub' && parent_header.msg_id === id,
    );
  }

  find(id: string, type: string): KernelMessage | undefined {
    return this.messages.find(
      ({ msg_type, parent_header }) => msg_type === type && parent_header.msg_id === id,
    );
  }

  /** Wait until something is found in what the kernel has sent; the test's own time limit ends it otherwise. */
  async until<T>(find: () => T | undefined | false): Promise<T> {
    for (;;) {
      const found = find();
      if (found) return found;
      await new Promise<void>(resolve => this.listeners.push(resolve));
    }
  }

  /** As the front end's buttons. */
  async button(
    op: 'interrupt' | 'signal' | 'restart' | 'shutdown' | 'alive',
    now = false,
  ): Promise<CommandResult> {
    this.command({ op, now });
    return this.result(op);
  }

  /** End of the test. */
  async close(): Promise<void> {
    this.driver.stdin!.end();
    await this.ended;
  }

  /** As when Jupyter itself is killed. */
  async crash(): Promise<void> {
    this.driver.kill('SIGKILL');
    await this.ended;
  }

  async result(op: string): Promise<CommandResult> {
    const result = await this.until(() => this.results.find(({ done }) => done === op));
    this.results.splice(this.results.indexOf(result), 1);
    return result;
  }

  private isIdle(id: string): boolean {
    return this.published(id).some(
      ({ msg_type, content }) => msg_type === 'status' && content.execution_state === 'idle',
    );
  }

  private command(command: Content): void {
    this.driver.stdin!.write(`${JSON.stringify(command)}\n`);
  }
}
