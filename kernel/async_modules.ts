/**
 * Modules that await at their top level, and those that import them: `require` runs a module from beginning to end and
 * cannot wait. So all that must be waited for is loaded before, and handed to `require` as loaded already.
 */
import { createRequire, isBuiltin, Module } from 'node:module';
import { pathToFileURL } from 'node:url';
import vm from 'node:vm';
import ts from 'typescript';
import { readText } from './compiler/files';

// eslint-disable-next-line @typescript-eslint/no-require-imports -- plain JavaScript, without types
const { compile } = require('./load_typescript') as { compile: (path: string) => string };
// eslint-disable-next-line @typescript-eslint/no-require-imports -- the same
const { isAsync } = require('./module_code') as { isAsync: (code: string) => boolean };

/** Node's reasons why `require` cannot have a module that `import` can: it awaits, or is exported to `import` only. */
const onlyImportable = ['ERR_REQUIRE_ASYNC_MODULE', 'ERR_REQUIRE_ESM', 'ERR_PACKAGE_PATH_NOT_EXPORTED'];

export function isOnlyImportable(error: unknown): boolean {
  return onlyImportable.includes((error as NodeJS.ErrnoException | undefined)?.code ?? '');
}

/** @param from the file that imports it */
export async function loadAsync(path: string, from: string): Promise<unknown> {
  const require = createRequire(from);
  let file: string;
  try {
    file = require.resolve(path);
  } catch (error) {
    if (!isOnlyImportable(error)) throw error;
    return nativeImport(path, from);
  }
  await prepare(file, new Set());
  return require(file) as unknown;
}

/** Load what this file needs and `require` cannot load. */
async function prepare(file: string, seen: Set<string>): Promise<void> {
  if (seen.has(file) || require.cache[file]) return;
  seen.add(file);
  if (!/\.tsx?$/.test(file)) {
    try {
      createRequire(file)(file);
    } catch (error) {
      if (!isOnlyImportable(error)) throw error;
      keep(file, await nativeImport(pathToFileURL(file).href, file));
    }
    return;
  }
  for (const dependency of dependenciesOf(file)) await prepare(dependency, seen);
  const code = compile(file);
  if (!isAsync(code)) return;
  const module = new Module(file) as NodeJS.Module & { _compile(code: string, file: string): unknown };
  module.filename = file;
  module.paths = createRequire(file).resolve.paths('x') ?? [];
  await module._compile(`return (async () => {${code}\n})();`, file);
  keep(file, module.exports);
}

/** As if `require` had loaded it. */
function keep(file: string, exports: unknown): void {
  const module = new Module(file);
  Object.assign(module, { filename: file, exports, loaded: true });
  require.cache[file] = module;
}

function dependenciesOf(file: string): string[] {
  const { importedFiles } = ts.preProcessFile(readText(file) ?? '');
  return importedFiles.flatMap(({ fileName }) => {
    if (isBuiltin(fileName)) return [];
    try {
      return [createRequire(file).resolve(fileName)].filter(path => !path.includes('node_modules'));
    } catch {
      return []; // types only, or missing: then `require` says so
    }
  });
}

/** `import()` itself, which TypeScript turns into `require` elsewhere. */
function nativeImport(path: string, from: string): Promise<unknown> {
  const load = new vm.Script('path => import(path)', {
    filename: from, // where packages are looked up from
    importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  }).runInThisContext() as (path: string) => Promise<unknown>;
  return load(path);
}
