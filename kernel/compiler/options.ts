/**
 * What cells are compiled with: the project's tsconfig.json, with the few settings that a cell needs. So a cell accepts
 * what the same lines in a file would accept, and nothing else.
 */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';

/**
 * The project that a notebook belongs to: the nearest folder with a package.json, as for Node and npm. It is looked up
 * from the notebook, not from this file: a notebook that is opened with another project's kernel still gets its own
 * modules and settings.
 */
export function projectRoot(folder: string): string {
  for (let candidate = folder; ; candidate = dirname(candidate)) {
    if (existsSync(join(candidate, 'package.json'))) return candidate;
    if (candidate === dirname(candidate)) return folder;
  }
}

/**
 * @param folder the notebook's
 * @param libraries of types beside the project's, such as `lib.dom.d.ts`
 */
export function cellOptions(folder: string, libraries: readonly string[] = []): ts.CompilerOptions {
  const project = readTsconfig(projectRoot(folder));
  return {
    ...project,
    // Any kind of import, with or without an extension, of a folder, or through a package's `exports`.
    module: ts.ModuleKind.Preserve,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    customConditions: ['node', 'require'], // as Node looks them up
    allowImportingTsExtensions: true,
    resolveJsonModule: true,
    esModuleInterop: true,
    allowJs: true, // the types of plain JavaScript are inferred,
    checkJs: false, // and its mistakes are its own business
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2022, // what the oldest supported Node runs
    experimentalDecorators: project.experimentalDecorators ?? true,
    jsx: project.jsx ?? ts.JsxEmit.React,
    lib: libraries.length > 0 ? [...(project.lib ?? ['lib.es2023.d.ts']), ...libraries] : project.lib,
    types: project.types ?? ['node'],
    typeRoots: typeRoots(folder),
    preserveConstEnums: true,
    inlineSourceMap: true,
    sourceMap: false,
    // A notebook declares what a later cell uses.
    noUnusedLocals: false,
    noUnusedParameters: false,
    // A cell is never a file.
    noEmit: false,
    emitDeclarationOnly: false,
    declaration: false,
    composite: false,
    incremental: false,
    isolatedModules: false,
    verbatimModuleSyntax: false,
    importHelpers: false,
    rootDir: undefined,
    outDir: undefined,
  };
}

/** Node's types are those of the project, or else those of the kernel. */
function typeRoots(folder: string): string[] {
  const own: string[] = [];
  for (let candidate = folder; ; candidate = dirname(candidate)) {
    own.push(join(candidate, 'node_modules', '@types'));
    if (candidate === dirname(candidate)) break;
  }
  const hasNode = own.some(root => existsSync(join(root, 'node', 'package.json')));
  return hasNode ? own : [...own, dirname(dirname(require.resolve('@types/node/package.json')))];
}

function readTsconfig(root: string): ts.CompilerOptions {
  const file = join(root, 'tsconfig.json');
  const json: unknown = existsSync(file)
    ? ts.readConfigFile(file, path => ts.sys.readFile(path)).config
    : { compilerOptions: { strict: true, lib: ['es2023'] } };
  const host = { ...ts.sys, readDirectory: () => [] }; // the options matter, not the project's files
  return ts.parseJsonConfigFileContent(json ?? {}, host, root).options;
}
