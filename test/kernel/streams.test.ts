import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limit, useKernel } from './kernel_test';

const fixture = useKernel();

test('no line of many is lost, in a loop that never waits', limit, async () => {
  const { stdout, messages } = await fixture.kernel.execute(
    'for (let i = 0; i < 20_000; i++) console.log(i);',
  );
  assert.equal(stdout, Array.from({ length: 20_000 }, (_, i) => `${i}\n`).join(''));
  // Jupyter's server drops output above 1000 messages a second.
  assert.ok(messages.length < 500, `${messages.length} messages`);
});

test('nor are many displays', limit, async () => {
  const { messages } = await fixture.kernel.execute(
    `import { display } from 'tslab';\nfor (let i = 0; i < 3000; i++) display.text(String(i));`,
  );
  const shown = messages.filter(({ msg_type }) => msg_type === 'display_data');
  assert.deepEqual(
    shown.map(({ content }) => (content.data as Record<string, string>)['text/plain']),
    Array.from({ length: 3000 }, (_, i) => String(i)),
  );
});

test('a large output arrives whole', limit, async () => {
  const { stdout } = await fixture.kernel.execute(`'0123456789'.repeat(1_000_000)`);
  assert.equal(stdout.length, 10_000_001);
});

test('all kinds of output keep their order', limit, async () => {
  const { messages } = await fixture.kernel.execute(
    `import { display } from 'tslab';
     console.log('a'); console.log('b'); display.text('c'); console.error('d'); console.log('e');
     await null; process.stdout.write('f'); display.text('g'); console.log('h');`,
  );
  const order = messages
    .filter(({ msg_type }) => ['stream', 'display_data'].includes(msg_type))
    .map(({ content }) =>
      content.data ? (content.data as Record<string, string>)['text/plain'] : content.text,
    );
  assert.deepEqual(order, ['a\nb\n', 'c', 'd\n', 'e\nf', 'g', 'h\n']);
});

test('bytes are text too, also a character cut in two', limit, async () => {
  const { stdout } = await fixture.kernel.execute(
    `const bytes = Buffer.from('é');
     process.stdout.write(bytes.subarray(0, 1));
     await new Promise<void>(resolve => process.stdout.write(bytes.subarray(1), () => resolve()));
     console.log('!');`,
  );
  assert.equal(stdout, 'é!\n');
});

test(
  'what is printed after the end of a cell goes to that cell, also while the next one runs',
  limit,
  async () => {
    const { kernel } = fixture;
    const first = kernel.submit(`setTimeout(() => console.log('late'), 300);\nconsole.log('in time');`);
    await kernel.finished(first);
    const second = await kernel.execute(
      `await new Promise(r => setTimeout(r, 600));\nconsole.log('second');`,
    );
    assert.equal(second.stdout, 'second\n');
    assert.equal((await kernel.finished(first)).stdout, 'in time\nlate\n');
  },
);
