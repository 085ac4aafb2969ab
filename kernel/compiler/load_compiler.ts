/** TypeScript's compiler, which is nine megabytes of JavaScript, from the code that an earlier kernel has kept. */
import { createRequire, Module } from 'node:module';
import { dirname } from 'node:path';
import { compileCached } from '../../lib/base/files/code_cache';

type Load = (exports: unknown, require: NodeJS.Require, module: Module, file: string, folder: string) => void;

let keep = () => {};

/** Before anything else requires it. */
export function loadCompiler(): void {
  const path = require.resolve('typescript');
  if (require.cache[path]) return; // the kernel itself had to be compiled
  const cached = compileCached(path, text => Module.wrap(text));
  const module = new Module(path);
  Object.assign(module, { filename: path, paths: require.resolve.paths('x') });
  require.cache[path] = module;
  (cached.script.runInThisContext() as Load)(
    module.exports,
    createRequire(path),
    module,
    path,
    dirname(path),
  );
  module.loaded = true;
  keep = () => cached.keep();
}

/** To be called when it has compiled a cell: then most of it is known that a kernel needs. */
export function keepCompiler(): void {
  keep();
}
