import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';

/** The nearest folder with a package.json, from this one upwards. */
function nearestPackage(folder: string): string | undefined {
  for (let candidate = folder; ; candidate = dirname(candidate)) {
    if (existsSync(join(candidate, 'package.json'))) return candidate;
    if (candidate === dirname(candidate)) return undefined;
  }
}

/** The folder that Scanline itself is in: its repository, or the installed package. Its sources are in `lib/` there. */
export function packageFolder(): string {
  return nearestPackage(__dirname) ?? join(__dirname, '..', '..');
}

/**
 * Where `data/` and `runs/` are: the nearest folder with a package.json, from the current folder upwards, which is that
 * of another project for its notebooks and programs. Where there is none, Scanline's own folder; if it is an installed
 * package, the current one.
 */
export function projectRoot(): string {
  const found = nearestPackage(process.cwd());
  if (found !== undefined) return found;
  const own = packageFolder();
  return own.split(sep).includes('node_modules') ? process.cwd() : own;
}

/**
 * A relative path counts from the project's root, so that `data/mnist` means the same folder in a notebook (which
 * runs in `notebooks/`), in a test and in the shell.
 */
export function projectPath(path: string): string {
  return isAbsolute(path) ? path : join(projectRoot(), path);
}

/** The other way round: a path in the project as it is told to people, who may have the project elsewhere. */
export function pathInProject(path: string): string {
  const inside = relative(projectRoot(), path);
  return inside.startsWith('..') || isAbsolute(inside) ? path : inside;
}
