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

test('nor does a silent cell show its result, or count', limit, async () => {
  const { kernel } = fixture;
  const before = await kernel.execute('1');
  const silent = await kernel.execute(`console.log('said'); 'not shown'`, { silent: true });
  assert.equal(silent.stdout, 'said\n');
  assert.equal(silent.reply.execution_count, before.reply.execution_count);
});

test('a cell that is not stored shows its result, but does not count', limit, async () => {
  const { kernel } = fixture;
  const before = await kernel.execute('1');
  const { stdout, reply } = await kernel.execute('20 + 3', { store_history: false });
  assert.equal(stdout, '23\n');
  assert.equal(reply.execution_count, before.reply.execution_count);
});

test('user expressions are evaluated after the cell, each by itself', limit, async () => {
  const { reply, stdout } = await fixture.kernel.execute('const base = 20;', {
    user_expressions: {
      sum: 'base + 1',
      object: '{ base }',
      text: `'as written'`,
      waited: 'await Promise.resolve(base)',
      promise: 'Promise.resolve(base)',
      nothing: 'undefined',
      unknown: 'basis',
      thrown: `(() => { throw new RangeError('too far'); })()`,
      statement: 'const other = 1;',
    },
  });
  assert.equal(stdout, '');
  const values = reply.user_expressions as Record<string, Record<string, unknown>>;
  const text = (plain: string) => ({ status: 'ok', data: { 'text/plain': plain }, metadata: {} });
  assert.deepEqual(values.sum, text('21'));
  assert.deepEqual(values.object, text('{ base: 20 }'));
  assert.deepEqual(values.text, text(`'as written'`));
  assert.deepEqual(values.waited, text('20'));
  assert.deepEqual(values.promise, text('Promise { 20 }'));
  assert.deepEqual(values.nothing, text('undefined'));
  assert.equal(values.unknown.status, 'error');
  assert.match(String(values.unknown.evalue), /Cannot find name 'basis'/);
  const { status, ename, evalue, traceback } = values.thrown;
  assert.deepEqual({ status, ename, evalue }, { status: 'error', ename: 'RangeError', evalue: 'too far' });
  assert.ok(Array.isArray(traceback));
  assert.equal(values.statement.status, 'error');
});

test('and not after one that failed', limit, async () => {
  const { reply } = await fixture.kernel.execute(`throw new Error('first');`, {
    user_expressions: { side: `console.log('evaluated')` },
  });
  assert.equal(reply.status, 'error');
  assert.equal(reply.user_expressions, undefined);
});

test('a line that wants to go on is told from a complete one', limit, async () => {
  const isComplete = async (code: string) =>
    (await fixture.kernel.request('is_complete_request', { code })).content;
  assert.deepEqual(await isComplete('const x = 1;'), { status: 'complete' });
  assert.deepEqual(await isComplete('function f() {'), { status: 'incomplete', indent: '  ' });
  assert.deepEqual(await isComplete('const x = ;'), { status: 'invalid' });
});
