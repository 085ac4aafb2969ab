/** No program outlives the one that started it, however that ended. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { root } from '../scripts/child_process';

const folder = mkdtempSync(join(tmpdir(), 'scanline-orphans-'));
after(() => rmSync(folder, { recursive: true }));

const pause = () => new Promise(resolve => setTimeout(resolve, 50));

/** A Python program that notes its process number and then sleeps, as `npm run lab` would start it: below a shell. */
async function start(name: string): Promise<{ shell: number; node: number; python: number }> {
  const noted = (part: string) => join(folder, `${name}-${part}`);
  writeFileSync(
    noted('sleeper.py'),
    `import os, time\nopen(${JSON.stringify(noted('python'))}, 'w').write(str(os.getpid()))\ntime.sleep(600)\n`,
  );
  writeFileSync(
    noted('starter.ts'),
    `import { writeFileSync } from 'node:fs';
     import { runPython } from ${JSON.stringify(join(root, 'scripts', 'child_process'))};
     writeFileSync(${JSON.stringify(noted('node'))}, String(process.pid));
     void runPython([${JSON.stringify(noted('sleeper.py'))}]);`,
  );
  const command = `"${process.execPath}" -r ts-node/register "${noted('starter.ts')}"; true`;
  const shell = spawn('/bin/sh', ['-c', command], { cwd: root, stdio: 'ignore' });
  const number = (part: string) => (existsSync(noted(part)) ? Number(readFileSync(noted(part), 'utf8')) : 0);
  while (!number('python')) await pause();
  return { shell: shell.pid!, node: number('node'), python: number('python') };
}

/** A process that has ended but was not waited for counts as gone. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const status = process.platform === 'linux' ? readFileSync(`/proc/${pid}/stat`, 'utf8') : '';
  return !/\) Z/.test(status);
}

async function untilGone(pid: number): Promise<void> {
  while (isRunning(pid)) await pause();
}

describe('a program that Python runs ends when', { skip: process.platform === 'win32' }, () => {
  const limit = { timeout: 120_000 };

  for (const signal of ['SIGTERM', 'SIGHUP', 'SIGKILL'] as const) {
    test(`the process that started it gets ${signal}`, limit, async () => {
      const { node, python } = await start(`node-${signal}`);
      assert.ok(isRunning(python));
      process.kill(node, signal);
      await untilGone(python);
      await untilGone(node);
    });
  }

  test("npm's shell is killed above both", limit, async () => {
    const { shell, node, python } = await start('shell');
    process.kill(shell, 'SIGKILL');
    await untilGone(python);
    await untilGone(node);
  });
});
