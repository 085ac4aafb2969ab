import assert from 'node:assert/strict';
import { test } from 'node:test';
import { History } from '../../kernel/history';
import { limit, useKernel } from './kernel_test';

const inputs = ['print(1)', 'let a = 1;', 'print(2)\nprint(3)', 'print(1)'];

function ask(request: Record<string, unknown>): unknown[] {
  const history = new History();
  inputs.forEach((input, index) => {
    history.add(index + 1, input);
    if (input.startsWith('print')) history.setOutput(`result ${index + 1}`);
  });
  return history.answer(request).history as unknown[];
}

const lines = (request: Record<string, unknown>) => ask(request).map(entry => (entry as unknown[])[1]);

test('history: each entry has session, line and input, or input and output', () => {
  assert.deepEqual(ask({ hist_access_type: 'tail', n: 2, output: false }), [
    [1, 3, 'print(2)\nprint(3)'],
    [1, 4, 'print(1)'],
  ]);
  assert.deepEqual(ask({ hist_access_type: 'range', session: 1, start: 1, stop: 3, output: true }), [
    [1, 1, ['print(1)', 'result 1']],
    [1, 2, ['let a = 1;', null]],
  ]);
});

test('history: a tail has as many entries as there are', () => {
  assert.deepEqual(lines({ hist_access_type: 'tail', n: 100 }), [1, 2, 3, 4]);
  assert.deepEqual(lines({ hist_access_type: 'tail', n: null }), [1, 2, 3, 4]);
  assert.deepEqual(lines({ hist_access_type: 'tail', n: 0 }), []);
  assert.deepEqual(new History().answer({ hist_access_type: 'tail', n: 3 }), { status: 'ok', history: [] });
});

test('history: a range counts from either end, and knows one session', () => {
  const range = (session: number, start: unknown, stop: unknown) =>
    lines({ hist_access_type: 'range', session, start, stop });
  assert.deepEqual(range(0, 2, 4), [2, 3]);
  assert.deepEqual(range(1, 2, null), [2, 3, 4]);
  assert.deepEqual(range(0, -2, null), [3, 4]);
  assert.deepEqual(range(0, 1, -1), [1, 2, 3]);
  for (const other of [-1, 2]) assert.deepEqual(range(other, 1, null), []);
});

test('history: a search matches the whole text', () => {
  const search = (pattern: string, more = {}) => lines({ hist_access_type: 'search', pattern, ...more });
  assert.deepEqual(search('print*'), [1, 3, 4]);
  assert.deepEqual(search('print'), []);
  assert.deepEqual(search('print(?)'), [1, 4]);
  assert.deepEqual(search('*a =*'), [2]);
  assert.deepEqual(search('print([2-9])*'), [3]);
  assert.deepEqual(search('print([^2-9])'), [1, 4]);
  for (const odd of ['[z-a]', '[', '(', '\\']) assert.deepEqual(search(odd), []);
  assert.deepEqual(search('print*', { n: 2 }), [3, 4]);
  assert.deepEqual(search('print*', { unique: true }), [3, 4]);
  assert.deepEqual(search('print*', { unique: true, n: 1 }), [4]);
});

const fixture = useKernel();

test('the kernel keeps what was run and shown, also what failed', limit, async () => {
  const { kernel } = fixture;
  const { reply } = await kernel.execute('6 * 7');
  const first = Number(reply.execution_count);
  await kernel.execute('1 + 1', { store_history: false });
  await kernel.execute('2 + 2', { silent: true });
  await kernel.execute(`throw new Error('lost');`);
  await kernel.execute(`const word = 'kept';`);
  const { content } = await kernel.request('history_request', {
    hist_access_type: 'tail',
    n: 3,
    output: true,
    raw: true,
  });
  assert.deepEqual(content, {
    status: 'ok',
    history: [
      [1, first, ['6 * 7', '42']],
      [1, first + 1, [`throw new Error('lost');`, null]],
      [1, first + 2, [`const word = 'kept';`, null]],
    ],
  });
});
