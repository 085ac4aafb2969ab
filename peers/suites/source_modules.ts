/**
 * TensorFlow.js made of the single modules that its packages ship beside their bundles. Its tests import those: with a
 * bundle besides there would be two of each operation.
 */
import { readFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import ts from 'typescript';
import { root } from '../../scripts/child_process';

type Resolve = (request: string, parent: NodeJS.Module | undefined, ...rest: unknown[]) => string;
type Handler = (module: NodeJS.Module & { _compile(code: string, path: string): void }, path: string) => void;
const nodeModule = Module as unknown as { _resolveFilename: Resolve; _extensions: Record<string, Handler> };

/** Of scripts/transpiler.js, which keeps what it has made. */
interface Transpiler {
  transpile: (source: string, file: { fileName: string }) => { outputText: string };
}

const fromRoot = createRequire(join(root, 'package.json'));
/** Of tfjs-core's modules. */
export const coreFolder = join(dirname(fromRoot.resolve('@tensorflow/tfjs-core/package.json')), 'dist');

const compilerOptions: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES5, // as the bundles, whose classes extend these
  downlevelIteration: true,
  module: ts.ModuleKind.CommonJS,
};

/**
 * From now on whoever requires tfjs-core, or tfjs-layers, gets its single modules.
 * @param layersFolder the sources of tfjs-layers, in TypeScript. Default: its bundle stays
 */
export function useSourceModules(layersFolder?: string): void {
  const entries: Record<string, string> = { '@tensorflow/tfjs-core': join(coreFolder, 'index.js') };
  if (layersFolder) entries['@tensorflow/tfjs-layers'] = join(layersFolder, 'index.ts');
  const { _resolveFilename: resolve, _extensions: extensions } = nodeModule;
  nodeModule._resolveFilename = (request, parent, ...rest) => {
    if (request in entries) return entries[request];
    // The sources of tfjs-layers may lie where no package is found.
    const isOurs =
      /^(@tensorflow|jasmine-core)\//.test(request) && parent?.path.startsWith(layersFolder ?? '\0');
    return isOurs ? fromRoot.resolve(request) : resolve(request, parent, ...rest);
  };
  const { create } = fromRoot('./scripts/transpiler.js') as { create: (context: object) => Transpiler };
  const { transpile } = create({ service: { config: { options: compilerOptions } } });
  const replace = (extension: string, isModule: (path: string) => boolean) => {
    const before = extensions[extension];
    extensions[extension] = (module, path) => {
      if (!isModule(path)) return before(module, path);
      const source = readFileSync(path, 'utf8').replace(/^\/\/# sourceMappingURL=.*$/m, '');
      const { outputText } = transpile(source, { fileName: path });
      return module._compile(
        outputText.replace('(this && this.__exportStar)', 'globalThis.__exportStar'),
        path,
      );
    };
  };
  replace('.js', path => path.startsWith(coreFolder + sep) && !/[\\/]tf-core[^\\/]*\.js$/.test(path));
  if (layersFolder) replace('.ts', path => path.startsWith(layersFolder + sep));
  Object.assign(globalThis, { __exportStar: exportAll });
}

/** What TypeScript makes of `export * from`, except that what is exported can be replaced, as in a bundle. */
function exportAll(from: Record<string, unknown>, to: object): void {
  for (const name of Object.keys(from)) {
    if (name === 'default' || Object.hasOwn(to, name)) continue;
    Object.defineProperty(to, name, {
      enumerable: true,
      configurable: true,
      get: () => from[name],
      set: value => void Object.defineProperty(to, name, { value: value as unknown, writable: true }),
    });
  }
}
