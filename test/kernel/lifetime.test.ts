import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KernelClient } from './kernel_client';
import { limit } from './kernel_test';
import { createProject } from './project';

/** Run a test with a kernel of its own. */
async function withKernel(body: (kernel: KernelClient, pid: number) => Promise<void>): Promise<void> {
  const project = createProject();
  const kernel = await KernelClient.start(project.notebooks);
  const { pid } = await kernel.button('alive');
  try {
    await body(kernel, pid);
  } finally {
    await kernel.close();
    project.remove();
  }
}

/** Wait for a process to end; the test's time limit ends the waiting. */
async function ended(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}

test('a shutdown is answered and ends the process, whatever a cell has left running', limit, () =>
  withKernel(async (kernel, pid) => {
    await kernel.execute('setInterval(() => {}, 10);');
    kernel.submit('await new Promise(() => {});');
    const { content } = await kernel.request('shutdown_request', { restart: false }, 'control');
    assert.deepEqual(content, { status: 'ok', restart: false });
    while ((await kernel.button('alive')).alive) await new Promise(resolve => setTimeout(resolve, 50));
    await ended(pid);
  }),
);

test('after a restart the cells know nothing of before', limit, () =>
  withKernel(async (kernel, pid) => {
    await kernel.execute('const x = 1;');
    assert.equal((await kernel.execute('x')).stdout, '1\n');
    const restarted = await kernel.button('restart');
    assert.notEqual(restarted.pid, pid);
    await ended(pid);
    await kernel.ready();
    const { reply } = await kernel.execute('x');
    assert.match(String(reply.evalue), /Cannot find name 'x'/);
    assert.equal(reply.execution_count, 1);
  }),
);

for (const [state, cell] of [
  ['waiting', 'await new Promise(() => {});'],
  ['looping', 'for (;;);'],
]) {
  test(`a ${state} kernel ends when the program that started it is gone`, limit, () =>
    withKernel(async (kernel, pid) => {
      const id = kernel.submit(cell);
      await kernel.until(() => kernel.find(id, 'execute_input'));
      await kernel.crash();
      await ended(pid);
    }),
  );
}
