/** Small projects for tests of the kernel, so that they can change files without touching the real ones. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { root } from './kernel_client';

export interface TestProject {
  /** Where its notebooks would be. */
  notebooks: string;
  write(path: string, text: string): void;
  remove(): void;
}

/** A project with this one's packages and settings, and the modules given: path → text. */
export function createProject(files: Record<string, string> = {}): TestProject {
  const folder = mkdtempSync(join(tmpdir(), 'kernel test ')); // a path with spaces must do
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  cpSync(join(root, 'tsconfig.json'), join(folder, 'tsconfig.json'));
  write('package.json', '{ "version": "0.0.0" }');
  mkdirSync(join(folder, 'notebooks'));
  for (const [path, text] of Object.entries(files)) write(path, text);
  return {
    notebooks: join(folder, 'notebooks'),
    write,
    remove: () => rmSync(folder, { recursive: true }),
  };
}
