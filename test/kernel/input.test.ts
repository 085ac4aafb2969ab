import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limit, useKernel } from './kernel_test';

const fixture = useKernel({
  'lib/ask.ts': `
    export interface Kernel { input(prompt: string, options?: { password?: boolean }): Promise<string> }
    export const { input } = (globalThis as unknown as { [key: symbol]: Kernel })[Symbol.for('scanline.kernel')];`,
});

test('a question is asked, and its answer comes back', limit, async () => {
  const { kernel } = fixture;
  const id = kernel.submit(
    `import { input } from '../lib/ask';
     const name = await input('Name: ');
     console.log(name, await input('Secret: ', { password: true }));`,
    { allow_stdin: true },
  );
  for (const [prompt, value] of [
    ['Name: ', 'Ada'],
    ['Secret: ', '1815'],
  ]) {
    const question = await kernel.until(() =>
      kernel.messages.find(
        ({ msg_type, content }) => msg_type === 'input_request' && content.prompt === prompt,
      ),
    );
    assert.equal(question.channel, 'stdin');
    assert.equal(question.parent_header.msg_id, id);
    assert.equal(question.content.password, prompt === 'Secret: ');
    kernel.send('stdin', 'input_reply', { value }, { parent: question.header });
  }
  assert.equal((await kernel.finished(id)).stdout, 'Ada 1815\n');
});

test('where nobody can answer the cell fails at once', limit, async () => {
  const { reply } = await fixture.kernel.execute(
    `import { input } from '../lib/ask';\nawait input('Name: ');`,
    { allow_stdin: false },
  );
  assert.equal(reply.status, 'error');
  assert.equal(reply.ename, 'UserError');
  assert.match(String(reply.evalue), /^Expected a front end that can ask/);
});
