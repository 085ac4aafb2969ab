import assert from 'node:assert/strict';
import { test } from 'node:test';
import { completenessOf } from '../../kernel/compiler/is_complete';

function expectAll(status: string, samples: readonly string[]): void {
  const others = samples.filter(code => completenessOf(code).status !== status);
  assert.deepEqual(others, [], `expected ${status}`);
}

test('complete: whole statements, whatever their texts and comments hold', () => {
  expectAll('complete', [
    '',
    '  \n',
    'const x = 1;',
    '1 + 1',
    `await fetch('x')`,
    'for await (const x of y) {}',
    '`a ${b} c`',
    'const s = "a{b"',
    'const re = /[(]/',
    'f() // {',
    '/* ( */',
    'if (x) y();',
    '@dec\nclass A {}',
    'const f = () => 1',
    'export const a = 1',
    `import x, { type y } from 'z'`,
    'declare function f(): void',
    'a\n  .b()',
    'using x = y;',
    'return',
  ]);
});

test('incomplete: open templates, comments and brackets', () => {
  const code = [
    '`a',
    '`a ${',
    '`a ${b',
    '`a ${b}',
    '`a\n\nb',
    'f(`a',
    'f(() => {\n  g(`x ${',
    '/* a',
    '/** a\n * b',
  ];
  expectAll('incomplete', [...code, 'f(', 'f(1,', '[1, 2', '{', 'x = {\n  a: 1,', 'f(/* a', 'let x: Map<']);
});

test('incomplete: operators, arrows, decorators and keywords that need more', () => {
  const code = [
    '1 +',
    'a &&',
    'a ?',
    'a ? b',
    'x.',
    'x?.',
    'const x =',
    'a = b =',
    '!',
    'new',
    'throw',
    'x as',
    'await',
  ];
  expectAll('incomplete', [
    ...code,
    'const f = () =>',
    '(a, b) =>',
    '@dec',
    '@dec()',
    'if (x)',
    'if (x) {} else',
  ]);
  expectAll('incomplete', [
    'for (;;)',
    'while (true)',
    'do {}',
    'try {}',
    'type A =',
    'interface A',
    'export',
  ]);
  expectAll('incomplete', [
    'import {',
    'import { a }',
    'import { a } from',
    'function f',
    'function f()',
    `'abc\\`,
  ]);
});

test('incomplete: parameters that look like something else without their arrow', () => {
  expectAll('incomplete', ['(a: number', '({ a, b }: { a: number', 'async ({ a }', 'const f = (a, {']);
});

test('invalid: what no further text can repair', () => {
  const code = [
    `'abc`,
    'f("a',
    ')',
    '}',
    'f(1 2',
    'f())',
    'x = = 1',
    'const 1 = 2',
    'const x = ;',
    'if x',
    'a b',
    '1 1',
  ];
  expectAll('invalid', [...code, '/ab', '"a\nb"', '[1, 2}', 'f(1 2) {', 'else {}', '*', 'const a b']);
});

test('the next line is indented like the last one, and more behind an opening bracket or arrow', () => {
  const indent = (code: string) => (completenessOf(code) as { indent?: string }).indent;
  assert.equal(indent('f(() => {'), '  ');
  assert.equal(indent('f(() => {\n  if (x) {\n'), '    ');
  assert.equal(indent('const f = () =>'), '  ');
  assert.equal(indent('f(() => {\n  a();'), '  ');
  assert.equal(indent('1 +'), '');
});
