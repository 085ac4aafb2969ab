import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A fresh copy of what git tracks, as it is on the disk, and of new files that it does not ignore. */
export function copyProject(source: string, target: string): void {
  const listed = execFileSync(
    'git',
    ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate'],
    { cwd: source, encoding: 'utf8', maxBuffer: 2 ** 26 },
  );
  rmSync(target, { recursive: true, force: true });
  for (const file of listed.split('\0').filter(name => name && existsSync(join(source, name)))) {
    mkdirSync(dirname(join(target, file)), { recursive: true });
    cpSync(join(source, file), join(target, file));
  }
}
