/** Cells that are modules (`@module` in their first comment): other cells import them as they would a file. */
import { Module } from 'node:module';
import { dirname, resolve } from 'node:path';
import { memoryFile, readText, setMemoryFile } from './compiler/files';
import { unloadModules } from './modules';

// eslint-disable-next-line @typescript-eslint/no-require-imports -- plain JavaScript, without types
const loader = require('./load_typescript') as { readSource: (path: string) => string };

type ResolveFilename = (request: string, parent: NodeJS.Module | undefined, ...rest: unknown[]) => string;

/** Teach `require` to find and read modules in memory. */
export function installMemoryModules(): void {
  const node = Module as unknown as { _resolveFilename: ResolveFilename };
  const { _resolveFilename } = node;
  node._resolveFilename = function (request, parent, ...rest) {
    if (request.startsWith('.') && parent?.filename) {
      const path = resolve(dirname(parent.filename), request);
      const found = [path, `${path}.ts`, `${path}.tsx`].find(
        candidate => memoryFile(candidate) !== undefined,
      );
      if (found) return found;
    }
    return _resolveFilename.call(this, request, parent, ...rest);
  };
  loader.readSource = path => {
    const text = readText(path);
    if (text === undefined) throw new Error(`Cannot find module '${path}'`);
    return text;
  };
}

/** Define such a module, or define it anew. */
export function setMemoryModule(path: string, text: string): void {
  setMemoryFile(path, text);
  unloadModules([path]);
}
