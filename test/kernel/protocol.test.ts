import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limit, useKernel } from './kernel_test';

const fixture = useKernel();

test('kernel_info is the same on both channels and names the TypeScript of the cells', limit, async () => {
  const { kernel } = fixture;
  const onShell = await kernel.request('kernel_info_request');
  const onControl = await kernel.request('kernel_info_request', {}, 'control');
  assert.equal(onControl.channel, 'control');
  assert.deepEqual(onShell.content, onControl.content);
  const info = onShell.content as Record<string, string> & { language_info: Record<string, string> };
  assert.equal(info.status, 'ok');
  assert.equal(info.protocol_version, '5.3');
  assert.equal(info.implementation, 'tslab');
  assert.equal(info.implementation_version, '1.0.22');
  const { name, version, file_extension, mimetype } = info.language_info;
  assert.deepEqual(
    { name, version, file_extension, mimetype },
    {
      name: 'typescript',
      version: '5.9.3',
      file_extension: '.ts',
      mimetype: 'text/typescript',
    },
  );
});

test('a cell is announced, then its output, then its end', limit, async () => {
  const { messages, reply } = await fixture.kernel.execute('1 + 1');
  assert.deepEqual(
    messages.map(({ msg_type, content }) => content.execution_state ?? msg_type),
    ['busy', 'execute_input', 'stream', 'idle'],
  );
  assert.deepEqual(messages[1].content, { code: '1 + 1', execution_count: reply.execution_count });
  assert.deepEqual(
    { status: reply.status, payload: reply.payload, user_expressions: reply.user_expressions },
    { status: 'ok', payload: [], user_expressions: {} },
  );
});

test('messages are new ones of one session of the kernel', limit, async () => {
  const { messages } = await fixture.kernel.execute('console.log(1);');
  assert.equal(new Set(messages.map(({ header }) => header.msg_id)).size, messages.length);
  const sessions = new Set(fixture.kernel.messages.map(({ header }) => header.session));
  assert.equal(sessions.size, 1);
  assert.ok(!sessions.has((messages[0].parent_header as Record<string, unknown>).session));
});

test('silent cells leave no trace', limit, async () => {
  const { kernel } = fixture;
  const before = await kernel.execute('1');
  const silent = await kernel.execute('const quiet = 5;', { silent: true, store_history: false });
  assert.equal(silent.reply.execution_count, before.reply.execution_count);
  assert.deepEqual(
    silent.messages.map(({ msg_type }) => msg_type),
    ['status', 'status'],
  );
  assert.equal((await kernel.execute('quiet')).stdout, '5\n');
});

test('history is answered', limit, async () => {
  const { content } = await fixture.kernel.request('history_request', { hist_access_type: 'tail', n: 5 });
  assert.deepEqual(content, { status: 'ok', history: [] });
});

test('a line that wants to go on is told from a complete one', limit, async () => {
  const isComplete = async (code: string) =>
    (await fixture.kernel.request('is_complete_request', { code })).content;
  assert.deepEqual(await isComplete('const x = 1;'), { status: 'complete' });
  assert.deepEqual(await isComplete('function f() {'), { status: 'incomplete', indent: '  ' });
});
