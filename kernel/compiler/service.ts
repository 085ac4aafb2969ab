/**
 * TypeScript's language service over one file that stands for the cell at hand: its text is replaced again and again.
 * The cells before it are modules in memory, which it imports (see names.ts).
 */
import { isBuiltin } from 'node:module';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { memoryFile, readText, setMemoryFile, versionOf } from './files';
import { cellOptions } from './options';

export interface CellService {
  /** Where the cell stands. */
  readonly path: string;
  /** TypeScript's view of the cell and of everything that it imports. */
  programOf(text: string): ts.Program;
  /** The same for what helps to write a cell. */
  serviceOf(text: string): ts.LanguageService;
}

/**
 * @param folder the notebook's, where its imports start from
 * @param libraries see `cellOptions`
 */
export function createCellService(folder: string, libraries: readonly string[] = []): CellService {
  const path = join(folder, libraries.length > 0 ? '__page__.ts' : '__cell__.ts');
  const options = cellOptions(folder, libraries);
  const { resolve, unresolved, forget } = createResolver(folder, options);
  const snapshotOf = createSnapshots();
  const packages = ts.createModuleResolutionCache(folder, name => name, options);
  let round = 0;
  setMemoryFile(path, '');
  const host: ts.LanguageServiceHost & Pick<ts.CompilerHost, 'getModuleResolutionCache'> = {
    getCompilationSettings: () => options,
    getScriptFileNames: () => [path],
    // A file with an import that failed counts as changed each time: the module may be there by now.
    getScriptVersion: file => (unresolved.has(file) ? `${versionOf(file)} ${round}` : versionOf(file)),
    getScriptSnapshot: snapshotOf,
    getCurrentDirectory: () => folder,
    jsDocParsingMode: ts.JSDocParsingMode.ParseForTypeInfo, // see docstrings.ts
    getDefaultLibFileName: settings => ts.getDefaultLibFilePath(settings),
    useCaseSensitiveFileNames: () => ts.sys.useCaseSensitiveFileNames,
    fileExists,
    readFile: readText,
    readDirectory: (...details) => ts.sys.readDirectory(...details),
    directoryExists: name => ts.sys.directoryExists(name),
    getDirectories: name => ts.sys.getDirectories(name),
    realpath: name => (memoryFile(name) === undefined ? (ts.sys.realpath?.(name) ?? name) : name),
    resolveModuleNameLiterals: (names, from) => names.map(({ text }) => resolve(text, from)),
    // Otherwise the package.json above each file of a package is read again for each cell.
    getModuleResolutionCache: () => packages,
  };
  const service = ts.createLanguageService(host);
  const update = (text: string) => {
    setMemoryFile(path, text);
    forget();
    round++;
  };
  return {
    path,
    serviceOf(text) {
      update(text);
      return service;
    },
    programOf(text) {
      update(text);
      const program = service.getProgram();
      if (!program) throw new Error('TypeScript should have a program');
      return program;
    },
  };
}

function fileExists(path: string): boolean {
  return memoryFile(path) !== undefined || ts.sys.fileExists(path);
}

/** With each cell TypeScript asks for all files, though it looks at a text only if its version is another: they are kept. */
function createSnapshots(): (file: string) => ts.IScriptSnapshot | undefined {
  const known = new Map<string, { version: string; snapshot: ts.IScriptSnapshot }>();
  return file => {
    const version = versionOf(file);
    const entry = known.get(file);
    if (entry?.version === version) return entry.snapshot;
    const text = readText(file);
    if (text === undefined) return undefined;
    const snapshot = ts.ScriptSnapshot.fromString(text);
    known.set(file, { version, snapshot });
    return snapshot;
  };
}

/**
 * Imports inside packages are resolved once, which saves some 0.3 s a cell; all others anew for each cell, for files come
 * and go: `forget` begins the next one. Node's own modules have no file that could.
 */
function createResolver(folder: string, options: ts.CompilerOptions) {
  const inPackages = new Map<string, ts.ResolvedModuleWithFailedLookupLocations>();
  const unresolved = new Set<string>();
  const host: ts.ModuleResolutionHost = { ...ts.sys, fileExists, readFile: readText };
  let forThisCell: ts.ModuleResolutionCache | undefined;
  const forget = () => (forThisCell = undefined);
  const resolve = (name: string, from: string) => {
    const key = `${dirname(from)} ${name}`;
    const known = inPackages.get(key);
    if (known) return known;
    forThisCell ??= ts.createModuleResolutionCache(folder, path => path, options);
    const result = ts.resolveModuleName(name, from, options, host, forThisCell);
    if (from.includes('/node_modules/')) inPackages.set(key, result);
    else if (!result.resolvedModule && !isBuiltin(name)) unresolved.add(from);
    return result;
  };
  return { resolve, unresolved, forget };
}
