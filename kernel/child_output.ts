/**
 * What child processes print arrives in the cell that started them. A child that inherits the kernel's output (`stdio:
 * 'inherit'`) would write to Jupyter's own log; it gets a pipe instead, whose text is printed here as it comes. What
 * runs synchronously is printed when it has ended, for until then this thread waits.
 *
 * Not covered: native code of this process that writes to the file descriptors 1 and 2. It goes to Jupyter's log, where
 * the last words of a crash can still be read.
 */
import childProcess, { type ChildProcess, type SpawnSyncOptions } from 'node:child_process';
import { syncBuiltinESMExports } from 'node:module';
import type { Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { bindToCell } from './cell';

/** Milliseconds that output may come after its process has ended; a grandchild may keep the pipe open for ever. */
const drainTime = 200;

type StreamName = 'stdout' | 'stderr';
const streamNames: Readonly<Record<number, StreamName>> = { 1: 'stdout', 2: 'stderr' };

interface Redirected {
  stdio: unknown[];
  /** Where what comes out of the child's descriptors 1 and 2 is printed; undefined for what is not ours. */
  targets: readonly (StreamName | undefined)[];
}

/** The option `stdio` with a pipe in the place of the kernel's own output; undefined if it has no such. */
function redirect(stdio: unknown): Redirected | undefined {
  const list: unknown[] = Array.isArray(stdio) ? stdio : [stdio, stdio, stdio];
  const targets = list.map((entry, fd) => (fd in streamNames ? targetOf(entry, fd) : undefined));
  if (targets.every(target => target === undefined)) return undefined;
  return { stdio: list.map((entry, fd) => (targets[fd] ? 'pipe' : entry)), targets };
}

function targetOf(entry: unknown, fd: number): StreamName | undefined {
  if (entry === 'inherit') return streamNames[fd];
  if (entry === process.stdout) return 'stdout';
  if (entry === process.stderr) return 'stderr';
  return typeof entry === 'number' ? streamNames[entry] : undefined;
}

/** To be called once, before anything is imported that may take the functions out of `node:child_process`. */
export function forwardChildOutput(): void {
  forwardAsync();
  const { spawnSync, execFileSync, execSync } = childProcess;
  childProcess.spawnSync = forwarded(spawnSync, (_, result) => result) as typeof spawnSync;
  childProcess.execFileSync = forwarded(execFileSync, checkedOutput) as typeof execFileSync;
  childProcess.execSync = forwarded(execSync, checkedOutput, true) as typeof execSync;
  syncBuiltinESMExports();
}

/** What spawn, fork, exec and execFile have in common; Node's types leave it out. */
type Child = ChildProcess & {
  spawn: (this: Child, options: { stdio?: unknown }) => unknown;
  _handle?: { onexit(...status: unknown[]): void };
};

function forwardAsync(): void {
  const prototype = childProcess.ChildProcess.prototype as Child;
  const { spawn } = prototype;
  prototype.spawn = function (this: Child, options) {
    const redirected = redirect(options.stdio);
    if (!redirected) return spawn.call(this, options);
    const result = spawn.call(this, { ...options, stdio: redirected.stdio });
    const streams = redirected.targets.flatMap((target, fd) => {
      const stream = target && (this.stdio as (Readable | null)[] | undefined)?.[fd];
      if (!stream) return []; // it could not be started
      stream.on(
        'data',
        bindToCell((data: Buffer) => process[target].write(data)),
      );
      // As for a child that inherits.
      Object.assign(this, { [streamNames[fd]]: null });
      Object.assign(this.stdio, { [fd]: null });
      return [stream];
    });
    if (this._handle) endAfter(this._handle, streams);
    return result;
  };
}

/** A cell that waits for the end of a process shall have seen its output. */
function endAfter(handle: NonNullable<Child['_handle']>, streams: readonly Readable[]): void {
  const ends = streams.map(stream => new Promise(resolve => stream.once('close', resolve)));
  const onexit = handle.onexit.bind(handle);
  handle.onexit = (...status) => {
    void Promise.race([Promise.all(ends), setTimeout(drainTime)]).then(() => onexit(...status));
  };
}

type SyncResult = ReturnType<typeof childProcess.spawnSync>;
type SyncFunction = (command: string, ...rest: never[]) => unknown;

/**
 * @param finish makes of a result what the function returns
 * @param shell whether the command is one for the shell unless the options name another
 */
function forwarded(
  original: SyncFunction,
  finish: (command: string, result: SyncResult) => unknown,
  shell?: true,
) {
  const { spawnSync } = childProcess;
  return (command: string, ...rest: unknown[]) => {
    const options = rest.find(each => typeof each === 'object' && !Array.isArray(each)) as
      SpawnSyncOptions | null | undefined;
    const redirected = redirect(options?.stdio);
    if (!redirected) return original(command, ...(rest as never[]));
    const args = Array.isArray(rest[0]) ? (rest[0] as string[]) : [];
    const result = spawnSync(command, args, {
      ...options,
      shell: options?.shell ?? shell,
      stdio: redirected.stdio as SpawnSyncOptions['stdio'],
      maxBuffer: Infinity, // inherited output has no limit
    });
    redirected.targets.forEach((target, fd) => {
      const text = target && result.output?.[fd];
      if (!text) return;
      process[target].write(text);
      result.output[fd] = null;
      Object.assign(result, { [streamNames[fd]]: null });
    });
    return finish([command, ...args].join(' '), result);
  };
}

/** As execSync and execFileSync have it. */
function checkedOutput(command: string, result: SyncResult): unknown {
  if (result.error) throw Object.assign(result.error, result);
  if (result.status !== 0) throw Object.assign(new Error(`Command failed: ${command}`), result);
  return result.stdout;
}
