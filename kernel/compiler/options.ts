/**
 * Strict types in cells. tslab 1.0.22 ignores tsconfig.json, is not strict and knows es2022 only; so a cell accepts
 * what the same lines in a file would not.
 */
import { existsSync } from 'node:fs';
import { dirname, join, parse } from 'node:path';
import type { CompilerOptions } from '@tslab/typescript-for-tslab';
import { ts } from './typescript';

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

/** What a cell is compiled with: the project's tsconfig.json, then tslab's needs, then the repairs. */
export function cellOptions(tslabOptions: CompilerOptions, folder: string): CompilerOptions {
  const project = readTsconfig(projectRoot(folder));
  return {
    ...project,
    ...tslabOptions,
    lib: project.lib,
    // Cells may import from anywhere; tslab refuses what is not below the notebook's folder.
    rootDir: parse(folder).root,
    // TypeScript understands `await` at the top level by itself, in more forms than tslab.
    disableTopLevelAwait: false,
    inlineSourceMap: true,
    // A notebook declares what a later cell uses.
    noUnusedLocals: false,
    noUnusedParameters: false,
    // Not for cells, which are never files.
    noEmit: false,
    composite: false,
    incremental: false,
    isolatedModules: false,
    verbatimModuleSyntax: false,
  };
}

function readTsconfig(root: string): CompilerOptions {
  const file = join(root, 'tsconfig.json');
  const json: unknown = existsSync(file)
    ? ts.readConfigFile(file, path => ts.sys.readFile(path)).config
    : { compilerOptions: { strict: true, lib: ['es2023'] } };
  const host = { ...ts.sys, readDirectory: () => [] }; // the options matter, not the project's files
  return ts.parseJsonConfigFileContent(json ?? {}, host, root).options;
}
