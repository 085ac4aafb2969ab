/** What child processes print, wherever it would go in a program. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limit, useKernel } from './kernel_test';

const fixture = useKernel({
  'lib/child.js': `process.stdout.write('from the fork\\n');`,
  'lib/native.mjs': `import { execSync } from 'node:child_process';
    export const run = () => execSync('echo from an ES module', { stdio: 'inherit' });`,
});

test('what a command prints stands between the lines before and after it', limit, async () => {
  const { stdout, stderr } = await fixture.kernel.execute(
    `import { execFileSync, execSync, spawnSync } from 'node:child_process';
     console.log('first');
     execSync('echo second; echo aside >&2', { stdio: 'inherit' });
     execFileSync('echo', ['third'], { stdio: ['ignore', 1, 2] });
     spawnSync('echo', ['fourth'], { stdio: ['ignore', process.stdout, process.stderr] });
     console.log('fifth');`,
  );
  assert.equal(stdout, 'first\nsecond\nthird\nfourth\nfifth\n');
  assert.equal(stderr, 'aside\n');
});

test('what is not inherited is returned as ever', limit, async () => {
  const { stdout, stderr } = await fixture.kernel.execute(
    `const { status, stdout, output } = spawnSync('echo inherited >&2; echo kept; exit 3', {
       shell: true, encoding: 'utf8', stdio: ['pipe', 'pipe', 'inherit'],
     });
     console.log({ status, stdout, output });
     console.log(execSync('echo all', { encoding: 'utf8' }), execSync('true', { stdio: 'inherit' }));`,
  );
  assert.equal(stdout, `{ status: 3, stdout: 'kept\\n', output: [ null, 'kept\\n', null ] }\nall\n null\n`);
  assert.equal(stderr, 'inherited\n');
});

test('a command that fails is an error, after its output', limit, async () => {
  const { reply, stdout, messages } = await fixture.kernel.execute(
    `execSync('echo before the end; exit 4', { stdio: 'inherit', shell: undefined });`,
  );
  assert.equal(stdout, 'before the end\n');
  assert.equal(reply.evalue, 'Command failed: echo before the end; exit 4');
  assert.deepEqual(
    messages.map(({ msg_type }) => msg_type).filter(type => ['stream', 'error'].includes(type)),
    ['stream', 'error'],
  );
  const file = await fixture.kernel.execute(
    `execFileSync('sh', ['-c', 'exit 6'], { stdio: 'inherit', shell: undefined });`,
  );
  assert.equal(file.reply.evalue, 'Command failed: sh -c exit 6');
  const missing = await fixture.kernel.execute(`execFileSync('no-such-program', { stdio: 'inherit' });`);
  assert.match(String(missing.reply.evalue), /ENOENT/);
});

test('more output than a pipe holds arrives', limit, async () => {
  const { stdout } = await fixture.kernel.execute(`execSync('seq 400000', { stdio: 'inherit' });`);
  assert.equal(stdout.length, 2688895);
  assert.match(stdout, /\n400000\n$/);
});

test('what a process prints while the cell waits comes at once', limit, async () => {
  const { kernel } = fixture;
  const id = kernel.submit(
    `import { spawn } from 'node:child_process';
     import { once } from 'node:events';
     const child = spawn('cat', { stdio: ['pipe', 'inherit', 'inherit'] });
     child.stdin!.write('early\\n');
     await new Promise(resolve => { (globalThis as any).goOn = resolve; setInterval(() => {}, 1000); });`,
  );
  await kernel.until(() => kernel.published(id).some(({ content }) => content.text === 'early\n'));
  await kernel.button('interrupt');
  await kernel.finished(id);
});

test('all that it prints has arrived when its end is known', limit, async () => {
  const { stdout, stderr } = await fixture.kernel.execute(
    `for (let i = 0; i < 10; i++) {
       const short = spawn('sh', ['-c', 'echo out; echo err >&2; exit 5'], { stdio: 'inherit' });
       if (short.stdout !== null) throw new Error('Expected no stream');
       const [code] = await once(short, 'exit');
       console.log(code);
     }`,
  );
  assert.equal(stdout, 'out\n5\n'.repeat(10));
  assert.equal(stderr, 'err\n'.repeat(10));
});

test('a process that leaves another one behind still ends', limit, async () => {
  const { stdout } = await fixture.kernel.execute(
    `const parent = spawn('sh', ['-c', 'sleep 20 & echo gone'], { stdio: 'inherit' });
     let open = true;
     parent.once('close', () => { open = false; });
     await once(parent, 'exit');
     console.log(open);`,
  );
  assert.equal(stdout, 'gone\ntrue\n');
});

test('a program that does not exist is an error of the process', limit, async () => {
  const { stdout } = await fixture.kernel.execute(
    `const none = spawn('no-such-program', { stdio: 'inherit' });
     const [reason] = await once(none, 'error').catch(error => [error]);
     console.log(reason.code);`,
  );
  assert.equal(stdout, 'ENOENT\n');
});

test('forks and ES modules are no exception', limit, async () => {
  const { stdout } = await fixture.kernel.execute(
    `import { fork } from 'node:child_process';
     import { run } from '../lib/native.mjs';
     await once(fork('../lib/child.js'), 'exit');
     run();`,
  );
  assert.equal(stdout, 'from the fork\nfrom an ES module\n');
});

test('nor are threads', limit, async () => {
  const { stdout } = await fixture.kernel.execute(
    `import { Worker } from 'node:worker_threads';
     void (await once(new Worker('console.log("from a thread")', { eval: true }), 'exit'));`,
  );
  assert.equal(stdout, 'from a thread\n');
});

test('a late line goes to the cell that started the process', limit, async () => {
  const { kernel } = fixture;
  const first = kernel.submit(`const slow = spawn('cat', { stdio: ['pipe', 'inherit', 'inherit'] });`);
  await kernel.finished(first);
  const second = await kernel.execute(
    `slow.stdin!.end('late\\n'); await once(slow, 'close'); console.log('second');`,
  );
  assert.equal(second.stdout, 'second\n');
  assert.equal((await kernel.finished(first)).stdout, 'late\n');
});
