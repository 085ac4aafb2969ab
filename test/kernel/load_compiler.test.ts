import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import ts from 'typescript';
import { root } from './kernel_client';

/** As launch.js begins; prints whether TypeScript was loaded before, and its version. */
const program = `
  const path = require.resolve('typescript');
  require('./kernel/load_typescript');
  const { loadCompiler, keepCompiler } = require('./kernel/compiler/load_compiler');
  const before = path in require.cache;
  loadCompiler();
  const ts = require('typescript');
  console.log(JSON.stringify([before, ts.version, require.cache[path].loaded, typeof ts.createProgram]));
  keepCompiler();`;

test('nothing of the kernel loads the compiler before it is loaded from the code that was kept', () => {
  const run = () =>
    JSON.parse(execFileSync(process.execPath, ['-e', program], { cwd: root, encoding: 'utf8' })) as unknown;
  run(); // compiles the kernel itself where it has changed
  assert.deepEqual(run(), [false, ts.version, true, 'function']);
});
