/**
 * Which files have been checked and found right, by earlier kernels too: checking the types of a whole library takes
 * seconds, at the first import of each notebook. What is kept is no more than a file's existence: its name is a hash of
 * everything that the result depends on, and it says that nothing was wrong.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';
import { memoryFile } from './files';
import { projectRoot } from './options';

// eslint-disable-next-line @typescript-eslint/no-require-imports -- plain JavaScript, without types
const { cache } = require('../cache') as { cache: string };

export class CheckedFiles {
  private readonly root: string;

  /** @param folder the notebook's */
  constructor(folder: string) {
    this.root = projectRoot(folder);
  }

  /** Are these files known to be right? @param program which they are part of */
  areRight(files: readonly ts.SourceFile[], program: ts.Program): boolean {
    const path = this.pathOf(files, program);
    return path !== undefined && statSync(path, { throwIfNoEntry: false }) !== undefined;
  }

  /** Keep that they are. */
  keep(files: readonly ts.SourceFile[], program: ts.Program): void {
    const path = this.pathOf(files, program);
    if (path === undefined) return;
    try {
      mkdirSync(cache, { recursive: true });
      writeFileSync(path, '');
    } catch {
      // A folder that cannot be written to: then the next kernel checks them once more.
    }
  }

  /** Undefined where it depends on what only this kernel has: a file in its memory. */
  private pathOf(files: readonly ts.SourceFile[], program: ts.Program): string | undefined {
    const installed = this.installedPackages();
    if (installed === undefined || files.some(({ fileName }) => memoryFile(fileName) !== undefined))
      return undefined;
    const hash = createHash('sha256');
    const add = (...parts: string[]) => parts.forEach(part => hash.update(part).update('\0'));
    const options = JSON.stringify(program.getCompilerOptions());
    add(ts.version, installed, options.replaceAll(JSON.stringify(this.root).slice(1, -1), '.'));
    files.forEach(({ fileName }) => add(relative(this.root, fileName)));
    for (const { fileName, text } of program.getSourceFiles()) {
      if (fileName.includes('/node_modules/')) add(fileName.replace(/^.*?\/node_modules\//, ''));
      else if (memoryFile(fileName) === undefined) add(relative(this.root, fileName), text);
    }
    return join(cache, `${hash.digest('hex')}.right`);
  }

  /** npm's list of what is in node_modules. */
  private installedPackages(): string | undefined {
    for (let folder = this.root; ; folder = dirname(folder)) {
      try {
        return readFileSync(join(folder, 'node_modules', '.package-lock.json'), 'utf8');
      } catch {
        if (folder === dirname(folder)) return undefined;
      }
    }
  }
}
