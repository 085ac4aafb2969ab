/**
 * `require` for TypeScript: the kernel itself, and the modules that notebooks import. Files are turned into JavaScript
 * one by one and without a type check. ts-node would do it too, but it also changes how plain JavaScript loads and how
 * traces are written, and this process runs the user's code. What has been compiled is kept (cache.js),
 * which makes the start of a kernel and its first import twice as fast. Plain JavaScript, because somebody has to be
 * first.
 */
'use strict';
const { createHash } = require('node:crypto');
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require('node:fs');
const { basename, join } = require('node:path');
const { cache } = require('./cache');
const { isAsync, isOfProject, moduleCode } = require('./module_code');
const { version } = require('typescript/package.json');

const options = ts => ({
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.CommonJS,
  esModuleInterop: true,
  experimentalDecorators: true, // as in cells
  jsx: ts.JsxEmit.React,
  inlineSourceMap: true, // Node reads it, see traces.ts
});
/** What the result depends on, beside the file. */
const about = [
  version,
  ...[__filename, join(__dirname, 'module_code.js')].map(path => readFileSync(path, 'utf8')),
];

/** Replaced by the kernel, which keeps some modules in memory (compiler/files.ts). */
module.exports.readSource = path => readFileSync(path, 'utf8');

module.exports.compile = compile;

function compile(fileName) {
  const source = module.exports.readSource(fileName);
  const key = JSON.stringify([...about, isOfProject(fileName) && __dirname, basename(fileName), source]);
  const cached = join(cache, `${createHash('sha256').update(key).digest('hex')}.js`);
  try {
    return readFileSync(cached, 'utf8');
  } catch {
    const ts = require('typescript'); // only now: a thread whose files are in the cache does without
    const transformers = { before: isOfProject(fileName) ? [moduleCode(ts)] : [] };
    const code = ts.transpileModule(source, {
      fileName,
      compilerOptions: options(ts),
      transformers,
    }).outputText;
    keep(cached, code);
    return code;
  }
}

/** Under its final name only when whole: two kernels may start at once. */
function keep(path, code) {
  const draft = `${path}.${process.pid}`;
  try {
    mkdirSync(cache, { recursive: true });
    writeFileSync(draft, code);
    renameSync(draft, path);
  } catch {
    // A folder that cannot be written to: then it takes longer next time, too.
  }
}

// Node's own way to teach `require` a file type. It also makes `require('../lib')` find lib/index.ts.
for (const extension of ['.ts', '.tsx']) {
  require.extensions[extension] = (module, fileName) => {
    const code = compile(fileName);
    if (isAsync(code)) {
      const message = `Cannot load ${fileName} by require: it awaits at its top level. Use import() instead`;
      throw Object.assign(new Error(message), { code: 'ERR_REQUIRE_ASYNC_MODULE' }); // as Node says it
    }
    module._compile(code, fileName);
  };
}
