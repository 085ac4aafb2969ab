/**
 * Start the kernel: `node --enable-source-maps kernel/launch.js <connection file>`, as kernel.json says.
 *
 * The kernel and the modules that notebooks import are TypeScript. tslab brings a compiler, which cells need anyway;
 * so it also turns these files into JavaScript, one by one and without a type check. (ts-node would do the same, but
 * takes 0.2 s longer to start and keeps the maps of its files to itself.) A file in plain JavaScript, because
 * somebody has to be first.
 */
'use strict';
const { readFileSync } = require('node:fs');
const ts = require('@tslab/typescript-for-tslab');

const compilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.CommonJS,
  esModuleInterop: true,
  experimentalDecorators: true, // as tslab has it in cells
  jsx: ts.JsxEmit.React,
  inlineSourceMap: true, // Node reads it, see traces.ts
};

// Node's own way to teach `require` a file type. It also makes `require('../lib')` find lib/index.ts.
for (const extension of ['.ts', '.tsx']) {
  require.extensions[extension] = (module, fileName) => {
    const source = readFileSync(fileName, 'utf8');
    module._compile(ts.transpileModule(source, { fileName, compilerOptions }).outputText, fileName);
  };
}

require('./main').main(process.argv[2]);
