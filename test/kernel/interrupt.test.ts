import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limit, useKernel } from './kernel_test';

const fixture = useKernel();

/** Start a cell, wait until it has printed something, then press the stop button. */
async function stop(cell: string) {
  const { kernel } = fixture;
  const id = kernel.submit(cell);
  await kernel.until(() => kernel.published(id).some(({ msg_type }) => msg_type === 'stream'));
  await kernel.button('interrupt');
  return kernel.finished(id);
}

test('a waiting cell is stopped', limit, async () => {
  const { reply, traceback } = await stop(`console.log('waiting');\nawait new Promise(() => {});`);
  assert.equal(reply.status, 'error');
  assert.equal(reply.ename, 'KeyboardInterrupt');
  assert.equal(traceback, 'KeyboardInterrupt: the cell was stopped');
});

test('a loop that never waits is stopped', limit, async () => {
  // Output only gets out of such a loop when time passes between two lines.
  const { reply } = await stop(
    `for (let next = 0; ; ) {\n  if (Date.now() > next) {\n    console.log('x');\n    next = Date.now() + 60;\n  }\n}`,
  );
  assert.equal(reply.ename, 'KeyboardInterrupt');
});

test('the kernel goes on after that', limit, async () => {
  assert.equal((await fixture.kernel.execute('1 + 1')).stdout, '2\n');
});

test('what a stopped cell goes on to print stays with it', limit, async () => {
  const { kernel } = fixture;
  const stopped = await stop(
    `console.log('start');\nfor (let i = 0; i < 10; i++) {\n  await new Promise(r => setTimeout(r, 100));\n  console.log('late', i);\n}`,
  );
  const next = await kernel.execute('await new Promise(r => setTimeout(r, 300));');
  assert.equal(next.stdout, '');
  const { stdout } = await kernel.finished(String(stopped.messages[0].parent_header.msg_id));
  assert.match(stdout, /late/);
});

test(
  'library code can take the stop over: leave the synchronous part, replace the listeners',
  limit,
  async () => {
    const { reply, stdout } = await stop(`
    await Promise.resolve();
    const before = process.listeners('SIGINT');
    let stopping = false;
    process.removeAllListeners('SIGINT');
    process.on('SIGINT', () => { stopping = true; });
    let steps = 0;
    try {
      console.log('training');
      while (!stopping) {
        steps++;
        await new Promise(resolve => setImmediate(resolve));
      }
    } finally {
      process.removeAllListeners('SIGINT');
      for (const listener of before) process.on('SIGINT', listener);
    }
    steps > 0`);
    assert.equal(reply.status, 'ok');
    assert.equal(stdout, 'training\ntrue\n');
  },
);

test('so does the stop of front ends that send a message instead of a signal', limit, async () => {
  const { kernel } = fixture;
  const id = kernel.submit(`console.log('waiting');\nawait new Promise(() => {});`);
  await kernel.until(() => kernel.published(id).some(({ msg_type }) => msg_type === 'stream'));
  const reply = await kernel.request('interrupt_request', {}, 'control');
  assert.equal(reply.content.status, 'ok');
  assert.equal((await kernel.finished(id)).reply.ename, 'KeyboardInterrupt');
});
