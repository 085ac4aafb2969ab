/** A set-up that is killed, stopped or started twice. */
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { createRandom } from '../../lib/base/random';
import { Computer } from './computer';
import { npm } from './programs';

/** npm that notes its process number and then takes so long that it must be ended. */
const endlessNpm = `#!/bin/sh\nPATH=/usr/bin:/bin\necho $$ > "$FAKES/pid"\nexec sleep 600\n`;

const pause = (milliseconds: number) => new Promise(resolve => setTimeout(resolve, milliseconds));

function start(computer: Computer): {
  child: ChildProcess;
  ended: Promise<number | null>;
  printed: () => string;
} {
  const child = spawn(process.execPath, [computer.path('scripts', 'setup.mjs')], {
    env: computer.environment(),
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => (text += String(chunk)));
  const ended = new Promise<number | null>(resolve => child.once('close', resolve));
  return { child, ended, printed: () => text };
}

/** The process number that the endless npm noted, as soon as the set-up's lock names it too. */
async function npmOf(computer: Computer): Promise<number> {
  const read = (file: string) => (existsSync(file) ? readFileSync(file, 'utf8').trim() : '');
  const pid = () => read(`${computer.environment().FAKES}/pid`);
  while (pid() === '' || !read(computer.path('out', 'setup.lock')).includes(pid())) await pause(20);
  return Number(pid());
}

/** Wait until a process is gone; the test's time limit ends it otherwise. */
async function untilGone(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0); // only asks
    } catch {
      return;
    }
    await pause(20);
  }
}

function assertComplete(computer: Computer): void {
  assert.equal(computer.setUp().status, 0);
  assert.deepEqual(computer.setUp(), { status: 0, stdout: '', stderr: '', calls: [] });
}

const limit = { timeout: 120_000 };

describe('a set-up', { skip: process.platform === 'win32' }, () => {
  test('killed at 20 random moments goes on each time, and ends well', limit, async t => {
    const computer = new Computer(t);
    const random = createRandom(12);
    for (let i = 0; i < 20; i++) {
      const { child, ended } = start(computer);
      await pause(random.uniform() * 700);
      child.kill('SIGKILL');
      await ended;
    }
    assertComplete(computer);
  });

  test('killed while npm runs: the next one ends that npm first', limit, async t => {
    const computer = new Computer(t);
    computer.install('npm', endlessNpm);
    const { child, ended } = start(computer);
    const pid = await npmOf(computer);
    child.kill('SIGKILL');
    await ended;
    process.kill(pid, 0); // still there: nobody has ended it
    computer.install('npm', npm);
    assertComplete(computer);
    await untilGone(pid);
  });

  for (const [signal, status] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    test(`stopped by ${signal} ends what it has started, and says how to go on`, limit, async t => {
      const computer = new Computer(t);
      computer.install('npm', endlessNpm);
      const { child, ended, printed } = start(computer);
      const pid = await npmOf(computer);
      child.kill(signal);
      assert.equal(await ended, status);
      assert.match(
        printed(),
        /Set-up stopped\. What was done is kept: run the same command again to go on\./,
      );
      await untilGone(pid);
      computer.install('npm', npm);
      assertComplete(computer);
    });
  }

  test('started twice: the second waits for the first, and finds all done', limit, async t => {
    const computer = new Computer(t);
    computer.install('npm', npm.replace('rm -rf', 'sleep 2; rm -rf'));
    const first = start(computer);
    while (!existsSync(computer.path('out', 'setup.lock'))) await pause(5);
    const second = start(computer);
    assert.deepEqual(await Promise.all([first.ended, second.ended]), [0, 0]);
    assert.match(first.printed(), /^Node packages /m);
    assert.match(second.printed(), new RegExp(`^Another set-up is at work .*process ${first.child.pid}\\)`));
    assert.doesNotMatch(second.printed(), /^Node packages /m);
  });

  for (const content of [
    '',
    '{',
    'null',
    '{}',
    '{"holder":{"pid":1,"start":"another time"},"children":[]}',
  ]) {
    test(`goes on where a lock was left that holds ${content || 'nothing'}`, limit, t => {
      const computer = new Computer(t);
      computer.write('out/setup.lock', content);
      assertComplete(computer);
    });
  }
});
