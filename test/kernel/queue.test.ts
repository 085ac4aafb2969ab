import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limit, useKernel } from './kernel_test';

const fixture = useKernel();

test('cells run one after the other, each with its own number', limit, async () => {
  const { kernel } = fixture;
  const ids = [1, 2, 3].map(n =>
    kernel.submit(`await new Promise(r => setTimeout(r, ${40 - 10 * n}));\nconsole.log(${n});`),
  );
  const all = await Promise.all(ids.map(id => kernel.finished(id)));
  const [first] = all.map(({ reply }) => Number(reply.execution_count));
  assert.deepEqual(
    all.map(({ reply }) => reply.execution_count),
    [first, first + 1, first + 2],
  );
  const printed = kernel.messages
    .filter(({ msg_type, parent_header }) => msg_type === 'stream' && ids.includes(parent_header.msg_id!))
    .map(({ content }) => content.text);
  assert.deepEqual(printed, ['1\n', '2\n', '3\n']);
});

test('an error aborts the cells that wait', limit, async () => {
  const { kernel } = fixture;
  const cells = [`throw new Error('no');`, `console.log('a');`, `console.log('b');`];
  const all = await Promise.all(cells.map(cell => kernel.finished(kernel.submit(cell))));
  assert.deepEqual(
    all.map(({ reply }) => reply.status),
    ['error', 'aborted', 'aborted'],
  );
  const numbers = all.map(({ reply }) => reply.execution_count);
  assert.equal(typeof numbers[0], 'number');
  assert.deepEqual(numbers.slice(1), [undefined, undefined]); // as cells that never ran
  assert.deepEqual(
    all.map(({ stdout }) => stdout),
    ['', '', ''],
  );
});

test('a cell that is sent when the error is known runs', limit, async () => {
  const { kernel } = fixture;
  await kernel.execute(`throw new Error('no');`);
  assert.equal((await kernel.execute('1 + 1')).stdout, '2\n');
});

test('nothing is aborted when the front end wants to go on', limit, async () => {
  const { kernel } = fixture;
  const cells = [`throw new Error('no');`, `let x: number = 'no';`, `console.log('yes');`];
  const all = await Promise.all(
    cells.map(cell => kernel.finished(kernel.submit(cell, { stop_on_error: false }))),
  );
  assert.deepEqual(
    all.map(({ reply }) => reply.status),
    ['error', 'error', 'ok'],
  );
  assert.equal(all[2].stdout, 'yes\n');
});
