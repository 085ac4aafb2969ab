/** How cells load modules: as a file of the project does, and what `require` cannot load by `import()`. */
import { createRequire, Module } from 'node:module';
import { basename, join } from 'node:path';
import { types } from 'node:util';
import { isOnlyImportable, loadAsync } from './async_modules';

/** Read an export; `*` is the module as a whole, `=` what `require` returns. */
export type LoadedModule = (exported: string) => unknown;

/** What Node gives to a module, for the notebook. */
export interface ModuleScope {
  require: NodeJS.Require;
  filename: string;
  folder: string;
  /** All of it, in the order of a cell's parameters. */
  parameters: ModuleParameters;
}

export type ModuleParameters = [
  require: NodeJS.Require,
  module: NodeJS.Module,
  exports: unknown,
  filename: string,
  folder: string,
];

/** Jupyter's server tells a notebook's path in JPY_SESSION_NAME; other front ends do not say. */
export function createModuleScope(folder: string): ModuleScope {
  const name = basename(process.env.JPY_SESSION_NAME ?? '');
  const filename = join(folder, name.endsWith('.ipynb') ? name : 'notebook.ipynb');
  const module = new Module(filename);
  module.filename = filename;
  module.paths = (Module as unknown as { _nodeModulePaths(from: string): string[] })._nodeModulePaths(folder);
  const require = createRequire(filename);
  return { require, filename, folder, parameters: [require, module, module.exports, filename, folder] };
}

/** @param filename the file that imports it, or the notebook; `require` belongs to it */
export async function loadModule(
  path: string,
  require: NodeJS.Require,
  filename: string,
): Promise<LoadedModule> {
  let loaded: unknown;
  try {
    loaded = require(path);
  } catch (error) {
    if (!isOnlyImportable(error)) throw error;
    loaded = await loadAsync(path, filename);
  }
  return exported => read(loaded, exported);
}

/** `import(path)` in a cell or a module of the project. */
export async function importModule(
  path: unknown,
  require: NodeJS.Require,
  filename: string,
): Promise<unknown> {
  return (await loadModule(String(path), require, filename))('*');
}

type Exports = Record<string, unknown>;

function read(loaded: unknown, exported: string): unknown {
  if (exported === '=') return loaded;
  if (exported === '*') return namespaceOf(loaded);
  if (exported === 'default' && !isEsModule(loaded)) return loaded;
  return (loaded as Exports | undefined)?.[exported];
}

function isEsModule(loaded: unknown): boolean {
  return types.isModuleNamespaceObject(loaded) || (loaded as Exports | undefined)?.__esModule === true;
}

/** `import * as x`: of a CommonJS module its properties, and the module itself as `default`. */
function namespaceOf(loaded: unknown): unknown {
  if (isEsModule(loaded)) return loaded;
  const known = namespaces.get(loaded);
  if (known) return known;
  const namespace: Exports = {};
  for (const name of Object.keys(Object(loaded) as object)) {
    Object.defineProperty(namespace, name, { enumerable: true, get: () => (loaded as Exports)[name] });
  }
  namespace.default = loaded;
  namespaces.set(loaded, namespace);
  return namespace;
}

/** One for each module, so that it is the same object wherever it is imported. */
const namespaces = new Map<unknown, Exports>();
