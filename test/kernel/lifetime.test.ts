import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { KernelClient } from './kernel_client';
import { limit } from './kernel_test';
import { createProject } from './project';

/** A kernel for one test, and its process. */
async function startKernel(t: TestContext): Promise<{ kernel: KernelClient; pid: number }> {
  const project = createProject();
  const kernel = new KernelClient(project.notebooks);
  t.after(async () => {
    await kernel.close();
    project.remove();
  });
  const { pid } = await kernel.result('start');
  await kernel.ready();
  return { kernel, pid };
}

/** Look again and again, for at most 20 s. */
async function eventually(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let i = 0; i < 400; i++) {
    if (await holds()) return;
    await new Promise(resolve => setTimeout(resolve, 50));
  }
  assert.fail('it did not happen within 20 s');
}

function hasEnded(pid: number): boolean {
  try {
    process.kill(pid, 0); // only asks
    return false;
  } catch {
    return true;
  }
}

test('a shutdown is answered and ends the process, whatever a cell has left running', limit, async t => {
  const { kernel, pid } = await startKernel(t);
  await kernel.execute('setInterval(() => {}, 10);');
  kernel.submit('await new Promise(() => {});');
  const { content } = await kernel.request('shutdown_request', { restart: false }, 'control');
  assert.deepEqual(content, { status: 'ok', restart: false });
  await eventually(async () => !(await kernel.button('alive')).alive);
  assert.ok(hasEnded(pid));
});

test('after a restart the cells know nothing of before', limit, async t => {
  const { kernel, pid } = await startKernel(t);
  await kernel.execute('const x = 1;');
  assert.equal((await kernel.execute('x')).stdout, '1\n');
  const restarted = await kernel.button('restart');
  assert.notEqual(restarted.pid, pid);
  assert.ok(hasEnded(pid));
  await kernel.ready();
  const { reply } = await kernel.execute('x');
  assert.match(String(reply.evalue), /Cannot find name 'x'/);
  assert.equal(reply.execution_count, 1);
});

for (const [state, cell] of [
  ['waiting', 'await new Promise(() => {});'],
  ['looping', 'for (;;);'],
]) {
  test(`a ${state} kernel ends when the program that started it is gone`, limit, async t => {
    const { kernel, pid } = await startKernel(t);
    const id = kernel.submit(cell);
    await kernel.until(() => kernel.find(id, 'execute_input'));
    await kernel.crash();
    await eventually(() => hasEnded(pid));
  });
}

test('so does one while a cell keeps the kernel busy', limit, async t => {
  const { kernel } = await startKernel(t);
  const cell = kernel.submit(`for (let next = 0; ; ) {
    if (Date.now() < next) continue;
    console.log('busy');
    next = Date.now() + 60;
  }`);
  await kernel.until(() => kernel.published(cell).some(({ msg_type }) => msg_type === 'stream'));
  const id = kernel.send('control', 'shutdown_request', { restart: false });
  const { content } = await kernel.until(() => kernel.find(id, 'shutdown_reply'));
  assert.deepEqual(content, { status: 'ok', restart: false });
  await eventually(async () => !(await kernel.button('alive')).alive);
});
