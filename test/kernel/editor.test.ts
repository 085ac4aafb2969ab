import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limit, useKernel } from './kernel_test';

const fixture = useKernel({
  'lib/index.ts': `export * from './train';`,
  'lib/train.ts': `
/**
 * Train for some time.
 * @param epochs passes over the data, at least 1
 * @returns the test error, 0..1
 */
export function train(epochs: number): number {
  return 1 / epochs;
}
export const trainer = { learningRate: 0.1, batchSize: 64 };`,
});

/** Ask with the cursor at \`|\`. */
function ask(type: 'complete_request' | 'inspect_request', marked: string) {
  const before = Array.from(marked).indexOf('|'); // in characters, as Jupyter counts
  return fixture.kernel.request(type, { code: marked.replace('|', ''), cursor_pos: before, detail_level: 0 });
}

async function help(marked: string): Promise<string> {
  const { content } = await ask('inspect_request', marked);
  assert.equal(content.found, true);
  return (content.data as Record<string, string>)['text/plain'];
}

const documented = [
  '(alias) train(epochs: number): number',
  'import train',
  '',
  'Train for some time.',
  '',
  '@param epochs passes over the data, at least 1',
  '@returns the test error, 0..1',
].join('\n');

test('help on an imported name shows its docstring, also in later cells', limit, async () => {
  const [, ...docstring] = documented.split('\n');
  assert.deepEqual((await help(`import { tra|in } from '../lib';`)).split('\n').slice(1), docstring);
  await fixture.kernel.execute(`import { train, trainer } from '../lib';`);
  assert.equal(await help('const result = tr|ain(3);'), documented);
  assert.equal(await help('train|(3)'), documented);
  assert.equal((await ask('inspect_request', '  |  ')).content.found, false);
});

test('help follows a change of the file', limit, async () => {
  fixture.project.write('lib/late.ts', '/** Before. */\nexport const late = 1;');
  await fixture.kernel.execute(`import { late } from '../lib/late';`);
  assert.match(await help('la|te'), /Before\./);
  fixture.project.write('lib/late.ts', '/** And after. */\nexport const late = 1;');
  assert.match(await help('la|te'), /And after\./);
});

test('completion knows what lib exports, and the members of it', limit, async () => {
  const exported = await ask('complete_request', `import { tr| } from '../lib';`);
  assert.deepEqual(exported.content.matches, ['train', 'trainer']);
  await fixture.kernel.execute(`import { train, trainer } from '../lib';`);
  const { content } = await ask('complete_request', 'trainer.ba|');
  assert.deepEqual(
    [content.matches, content.cursor_start, content.cursor_end],
    [['batchSize'], 'trainer.'.length, 'trainer.ba'.length],
  );
});

test('the cursor is counted in characters', limit, async () => {
  await fixture.kernel.execute(`import { train, trainer } from '../lib';`);
  const { content } = await ask('complete_request', `'😀😀😀😀😀😀😀😀'; trai|ner.batchSize`);
  assert.deepEqual(content.matches, ['trainer']);
  assert.equal(content.cursor_start, 12);
  assert.equal(content.cursor_end, 19);
});
