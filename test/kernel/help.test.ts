import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limit, useKernel } from './kernel_test';

const fixture = useKernel({
  'lib/schema.ts': `
type Shape = { [name: string]: unknown };
type Input<S extends Shape> = { readonly [Name in keyof S]?: S[Name] };
const optimizer = { kind: 'sgd' as string, momentum: 0 };
/** @describedBy describeSetting */
const schema = { learningRate: 0.1, optimizer, nested: { deep: 1 } };
export type Settings = Input<typeof schema>;
export interface Options { settings?: Settings; other?: number }
export function start(first: number, settings: Settings = {}, options: Options = {}) {
  return { settings, options, first };
}
export function describeSetting(path: string[], siblings: Record<string, string>) {
  if (path[0] === 'nested') throw new Error('cannot describe this');
  return 'All about ' + path.join(' > ') + ' ' + JSON.stringify(siblings);
}`,
  'lib/broken.ts': `
/** @describedBy missing */
const schema = { rate: 1 };
export function begin(settings: Partial<typeof schema>) { return settings; }
throw new Error('no good');`,
  'lib/base.ts': `
export interface Options {
  /** how far, in metres */
  far: number;
}
export interface Caller {
  /** Calls its caller. */
  (name: string): string;
}
export class Base {
  /** Moves it. @param by how much */
  move(by: number) { return by; }
}`,
  'lib/documented.ts': `
import { Base, type Caller, type Options } from './base';
export class Mover extends Base {
  override move(by: number) { return 2 * by; }
}
export const call: Caller = name => name;
/** For text. */
export function twice(x: string): string;
/** For numbers. */
export function twice(x: number): number;
export function twice(x: any) { return x + x; }
export function go(options: Options) { return options.far; }`,
});

/** Ask with the cursor at \`|\`. */
async function ask(marked: string, detail_level = 0) {
  const cursor_pos = Array.from(marked).indexOf('|');
  const request = { code: marked.replace('|', ''), cursor_pos, detail_level };
  const { content } = await fixture.kernel.request('inspect_request', request);
  assert.equal(content.status, 'ok');
  return { found: content.found, text: (content.data as Record<string, string>)['text/plain'] };
}

const help = async (marked: string) => (await ask(marked)).text ?? '';

test('help on what is no name is not found', limit, async () => {
  await fixture.kernel.execute('const known = { "two words": 1, plain: 2 };');
  const codes = [
    'unkno|wn',
    'unkno|wn.part',
    'known.mis|sing',
    'co|nst x = 1;',
    'fun|ction f() {}',
    'retu|rn',
  ];
  const others = [
    `'te|xt'`,
    '`te|xt`',
    '12|34',
    '// kno|wn',
    '/* kno|wn */ 1',
    '/** {@link kno|wn} */ 1',
    ' | ',
    '|',
  ];
  for (const code of [...codes, ...others])
    assert.deepEqual(await ask(code), { found: false, text: undefined }, code);
});

test('and on names it is, whatever their type', limit, async () => {
  assert.match(await help('kno|wn'), /two words/);
  assert.match(await help('known.pla|in'), /\(property\) plain: number/);
  assert.match(await help(`known['two| words']`), /\(property\) "two words": number/);
  assert.match(await help('const loose: any = 1; loo|se'), /const loose: any/);
  assert.match(await help('Math.ma|x(1)'), /max\(\.\.\.values: number\[\]\): number/);
});

test('detail level 1 adds the source', limit, async () => {
  await fixture.kernel.execute('function twice(x: number) {\n  return 2 * x;\n}');
  assert.equal((await ask('twi|ce', 0)).text, '(alias) function twice(x: number): number\nimport twice');
  assert.match(
    (await ask('twi|ce', 1)).text ?? '',
    /^\(alias\)[^]*function twice\(x: number\) \{\n {2}return 2 \* x;\n\}$/,
  );
});

test('a property is described by the module that declares it', limit, async () => {
  const code = (arguments_: string) => `import { start } from '../lib/schema';\nstart(1, ${arguments_});`;
  assert.match(
    await help(code('{ learning|Rate: 1 }')),
    /^\(property\) learningRate\?: .*\n\nAll about learningRate \{\}$/,
  );
  assert.match(
    await help(code(`{ optimizer: { kind: 'adam', momen|tum: 1 } }`)),
    /All about optimizer > momentum \{"kind":"adam"\}$/,
  );
  assert.match(await help(code('{}, { settings: { learn|ingRate: 2 } }')), /All about learningRate/);
  assert.doesNotMatch(await help(code('{}, { oth|er: 2 }')), /All about/);
  await fixture.kernel.execute(
    `import { start, type Settings } from '../lib/schema';\nconst run = start(1);`,
  );
  assert.match(await help('const settings: Settings = { learningRa|te: 1 };'), /All about learningRate/);
  assert.match(await help('run.settings.optimizer?.mom|entum'), /All about optimizer > momentum/);
  assert.match(await help('const learningRate = 1;\nstart(1, { learning|Rate });'), /All about learningRate/);
});

test('a description that fails leaves the rest of the help', limit, async () => {
  const nested = await help(`import { start } from '../lib/schema';\nstart(1, { nested: { de|ep: 1 } });`);
  assert.equal(nested, '(property) deep: number');
  const broken = await help(`import { begin } from '../lib/broken';\nbegin({ ra|te: 1 });`);
  assert.match(broken, /^\(property\) rate\?: number( \| undefined)?$/);
});

test(
  'a docstring is shown wherever it stands: with the declaration, its type, or what it overrides',
  limit,
  async () => {
    const code = (rest: string) =>
      `import { call, go, Mover, twice } from '../lib/documented';\nimport { readFileSync } from 'node:fs';\n${rest}`;
    assert.match(await help(code('new Mover().mo|ve(1);')), /\n\nMoves it\.\n\n@param by how much$/);
    assert.match(await help(code(`tw|ice('a');`)), /\n\nFor text\.$/);
    assert.match(await help(code('tw|ice(1);')), /\n\nFor numbers\.$/);
    assert.match(await help(code('go({ fa|r: 1 });')), /\n\nhow far, in metres$/);
    assert.match(await help(code(`ca|ll('a');`)), /\n\nCalls its caller\.$/);
    assert.match(await help(code(`readFile|Sync('a');`)), /\n\nReturns the contents of the `path`/);
    assert.match(await help('/** Mine. */\nconst x = 1;\nx|;'), /\n\nMine\.$/);
  },
);
