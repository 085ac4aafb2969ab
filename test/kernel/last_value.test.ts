/** What a cell shows of its last expression. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Execution } from './kernel_client';
import { limit, useKernel } from './kernel_test';

const fixture = useKernel();

const bundlesOf = ({ messages }: Execution) =>
  messages.filter(({ msg_type }) => msg_type === 'display_data').map(({ content }) => content.data);

const definition = `class Shape {
  constructor(readonly bundle: unknown) {}
  [Symbol.for('Jupyter.display')]() { return this.bundle; }
}
`;

test('a value that brings a bundle is shown as that', limit, async () => {
  const cell = await fixture.kernel.execute(
    `${definition}console.log('before');\nnew Shape({ 'text/html': '<b>1</b>', 'text/plain': 'one' })`,
  );
  assert.deepEqual(bundlesOf(cell), [{ 'text/html': '<b>1</b>', 'text/plain': 'one' }]);
  assert.equal(cell.stdout, 'before\n');
});

test('a bundle may be promised, and a value may show itself', limit, async () => {
  const { kernel } = fixture;
  const promised = await kernel.execute(`new Shape(Promise.resolve({ 'text/plain': 'later' }))`);
  assert.deepEqual(bundlesOf(promised), [{ 'text/plain': 'later' }]);
  const itself = await kernel.execute(
    `({ async [Symbol.for('Jupyter.display')]() { await null; console.log('by itself'); } })`,
  );
  assert.equal(itself.stdout, 'by itself\n');
});

test('what goes wrong there is an error of the cell', limit, async () => {
  const { reply } = await fixture.kernel.execute(
    `({ [Symbol.for('Jupyter.display')]() { throw new RangeError('no such shape'); } })`,
  );
  assert.equal(reply.ename, 'RangeError');
  assert.equal(reply.evalue, 'no such shape');
});

test('and it can be stopped', limit, async () => {
  const { kernel } = fixture;
  const id = kernel.submit(
    `({ [Symbol.for('Jupyter.display')]() { console.log('waits'); return new Promise(() => {}); } })`,
  );
  await kernel.until(() => kernel.published(id).some(({ content }) => content.text === 'waits\n'));
  await kernel.button('interrupt');
  assert.equal((await kernel.finished(id)).reply.ename, 'KeyboardInterrupt');
});

test('what the cell has shown already is not shown again, but by the next cell', limit, async () => {
  const { kernel } = fixture;
  const first = await kernel.execute(
    `const shape = new Shape({ 'text/plain': 'again' });
     const kernelApi = (globalThis as any)[Symbol.for('scanline.kernel')];
     kernelApi.display({ 'text/plain': 'once' }, { value: shape });
     shape`,
  );
  assert.deepEqual(bundlesOf(first), [{ 'text/plain': 'once' }]);
  assert.deepEqual(bundlesOf(await kernel.execute('shape')), [{ 'text/plain': 'again' }]);
});

test('everything else is printed, by the method that Node knows if it has one', limit, async () => {
  const { stdout } = await fixture.kernel.execute(
    `import { inspect } from 'node:util';
     [{ [inspect.custom]: () => 'my own words' }, { a: 1 }, 'text']`,
  );
  assert.equal(stdout, `[ my own words, { a: 1 }, 'text' ]\n`);
  for (const nothing of ['null', 'undefined', 'void 0']) {
    assert.equal((await fixture.kernel.execute(nothing)).stdout, '');
  }
});
