import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limit, useKernel } from './kernel_test';

// Cells reach the kernel as a library does (lib/display/kernel_api.ts).
const fixture = useKernel({
  'lib/kernel.ts': `
    export interface Message {
      data: { state?: { value: number }; text?: string };
      buffers: Buffer[];
      reply(data: object): void;
    }
    export interface Comm {
      commId: string;
      send(data: object, buffers?: Buffer[]): void;
      close(data?: object): void;
      onMessage(listener: (message: Message) => void): void;
      onClose(listener: (message: Message) => void): void;
    }
    export interface Kernel {
      openComm(target: string, data: object, metadata?: object, buffers?: Buffer[]): Comm;
      onCommOpen(target: string, listener: (comm: Comm, message: Message) => void): void;
    }
    export const kernel = (globalThis as unknown as { [key: symbol]: Kernel })[Symbol.for('scanline.kernel')];`,
});

async function run(cell: string) {
  const execution = await fixture.kernel.execute(cell);
  assert.equal(execution.reply.status, 'ok', execution.traceback);
  return execution;
}

test('a slider made in a cell changes the value of a running loop', limit, async () => {
  const { kernel } = fixture;
  const opening = await run(`
    import { kernel } from '../lib/kernel';
    const state = { _model_name: 'IntSliderModel', _model_module: '@jupyter-widgets/controls', value: 1 };
    const slider = kernel.openComm('jupyter.widget', { state, buffer_paths: [] }, { version: '2.1.0' });
    const settings = { value: 1 };
    slider.onMessage(({ data }) => { settings.value = data.state?.value ?? settings.value; });
    slider.commId`);
  const open = opening.messages.find(({ msg_type }) => msg_type === 'comm_open');
  assert.equal(open?.content.target_name, 'jupyter.widget');
  assert.deepEqual(open.metadata, { version: '2.1.0' });
  assert.equal((open.content.data as { state: { value: number } }).state.value, 1);
  assert.equal(open.content.comm_id, opening.stdout.trim());

  const loop = kernel.submit(`
    console.log('at first', settings.value);
    while (settings.value < 5) await new Promise(resolve => setTimeout(resolve, 5));
    console.log('at last', settings.value);`);
  await kernel.until(() => kernel.published(loop).some(({ msg_type }) => msg_type === 'stream'));
  for (const value of [2, 3, 7]) {
    const id = kernel.send('shell', 'comm_msg', {
      comm_id: open.content.comm_id,
      data: { method: 'update', state: { value }, buffer_paths: [] },
    });
    // The front end sends the next value only after this.
    await kernel.until(() => kernel.published(id).some(({ content }) => content.execution_state === 'idle'));
  }
  assert.equal((await kernel.finished(loop)).stdout, 'at first 1\nat last 7\n');
});

test('while a cell runs the kernel stays busy in the eyes of the front end', limit, async () => {
  const { kernel } = fixture;
  const loop = kernel.submit(`import { kernel } from '../lib/kernel';
    await new Promise<void>(resolve => kernel.openComm('t', {}).onMessage(() => setTimeout(resolve, 100)));`);
  const open = await kernel.until(() =>
    kernel.published(loop).find(({ msg_type }) => msg_type === 'comm_open'),
  );
  kernel.send('shell', 'comm_msg', { comm_id: open.content.comm_id, data: {} });
  await kernel.finished(loop);
  const states = kernel.messages
    .slice(kernel.messages.indexOf(open))
    .filter(({ msg_type }) => msg_type === 'status')
    .map(({ content }) => content.execution_state);
  assert.deepEqual(states, ['busy', 'idle', 'busy', 'idle']);
});

test('buffers travel as bytes in both directions', limit, async () => {
  const { kernel } = fixture;
  const { messages } = await run(`
    import { kernel } from '../lib/kernel';
    const echo = kernel.openComm('echo', {}, {}, [Buffer.from([1, 2])]);
    echo.onMessage(({ data, buffers }) => echo.send({ text: data.text }, buffers.map(b => Buffer.from(b).reverse())));`);
  const open = messages.find(({ msg_type }) => msg_type === 'comm_open');
  assert.deepEqual(open?.buffers, ['AQI=']);
  const bytes = Buffer.from([0, 255, 128, 10]);
  const id = kernel.send(
    'shell',
    'comm_msg',
    { comm_id: open?.content.comm_id, data: { text: 'a' } },
    { buffers: [bytes.toString('base64'), ''] },
  );
  const answer = await kernel.until(() =>
    kernel.messages.find(
      ({ msg_type, content }) => msg_type === 'comm_msg' && content.comm_id === open?.content.comm_id,
    ),
  );
  assert.deepEqual(answer.content.data, { text: 'a' });
  assert.deepEqual(answer.buffers, [Buffer.from([10, 128, 255, 0]).toString('base64'), '']);
  await kernel.until(() => kernel.find(id, 'status'));
});

test('what a listener prints goes to the cell that made it', limit, async () => {
  const { kernel } = fixture;
  const first = await run(`
    import { kernel } from '../lib/kernel';
    kernel.openComm('printer', {}).onMessage(({ data }) => {
      if (data.text === 'throw') throw new Error('in a listener');
      console.log('heard', data.text);
    });`);
  const open = first.messages.find(({ msg_type }) => msg_type === 'comm_open');
  const cell = String(open?.parent_header.msg_id);
  await run('1');
  for (const text of ['a', 'throw', 'b']) {
    kernel.send('shell', 'comm_msg', { comm_id: open?.content.comm_id, data: { text } });
  }
  await kernel.until(() =>
    kernel.published(cell).some(({ content }) => String(content.text).includes('heard b')),
  );
  const { stdout, stderr } = await kernel.finished(cell);
  assert.equal(stdout, 'heard a\nheard b\n');
  assert.match(stderr, /Error: in a listener\n +at .*<cell \d+>:4:/);
});

test('a reply refers to the message that asked, not to the cell', limit, async () => {
  const { kernel } = fixture;
  const opening = await run(`
    import { kernel } from '../lib/kernel';
    const asked = kernel.openComm('asked', {});
    asked.onMessage(({ data, reply }) => reply({ text: 're: ' + data.text }));
    asked.commId`);
  const id = kernel.send('shell', 'comm_msg', { comm_id: opening.stdout.trim(), data: { text: 'state' } });
  const answer = await kernel.until(() => kernel.find(id, 'comm_msg'));
  assert.deepEqual(answer.content, { comm_id: opening.stdout.trim(), data: { text: 're: state' } });
});

test('open comms are listed, closed ones are not', limit, async () => {
  const { kernel } = fixture;
  const { stdout } = await run(`
    import { kernel } from '../lib/kernel';
    const first = kernel.openComm('listed', {});
    const second = kernel.openComm('listed', {});
    first.onClose(({ data }) => console.log('closed', data.text));
    [first.commId, second.commId].join()`);
  const [first, second] = stdout.trim().split(',');
  const list = async () =>
    (await kernel.request('comm_info_request', { target_name: 'listed' })).content.comms;
  assert.deepEqual(await list(), { [first]: { target_name: 'listed' }, [second]: { target_name: 'listed' } });
  kernel.send('shell', 'comm_close', { comm_id: first, data: { text: 'by the page' } });
  assert.deepEqual(await list(), { [second]: { target_name: 'listed' } });
  const closing = await run(`second.close({ text: 'by the cell' });\nsecond.send({});`);
  assert.deepEqual(await list(), {});
  const types = closing.messages.map(({ msg_type }) => msg_type).filter(type => type.startsWith('comm'));
  assert.deepEqual(types, ['comm_close']);
});

test('the page opens a comm when somebody listens, and is told when nobody does', limit, async () => {
  const { kernel } = fixture;
  const { messages } = await run(`
    import { kernel } from '../lib/kernel';
    kernel.onCommOpen('welcome', (comm, { data }) => comm.send({ text: 'hello ' + data.text }));`);
  const cell = String(messages[0].parent_header.msg_id);
  kernel.send('shell', 'comm_open', { comm_id: 'c1', target_name: 'welcome', data: { text: 'page' } });
  const answer = await kernel.until(() =>
    kernel.published(cell).find(({ msg_type }) => msg_type === 'comm_msg'),
  );
  assert.deepEqual(answer.content, { comm_id: 'c1', data: { text: 'hello page' } });

  kernel.send('shell', 'comm_open', { comm_id: 'c2', target_name: 'nobody', data: {} });
  const close = await kernel.until(() =>
    kernel.messages.find(({ msg_type, content }) => msg_type === 'comm_close' && content.comm_id === 'c2'),
  );
  assert.deepEqual(close.content.data, {});
});
