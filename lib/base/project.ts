import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';

/** The folder that Scanline itself is in. */
const ownRoot = join(__dirname, '..', '..');

/**
 * Where `data/` and `runs/` are: the nearest folder with a package.json, from the current folder upwards, which is that
 * of another project for its notebooks and programs. Where there is none, Scanline's own folder; if it is an installed
 * package, the current one.
 */
export function projectRoot(): string {
  let folder = process.cwd();
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) return ownRoot.split(sep).includes('node_modules') ? process.cwd() : ownRoot;
    folder = parent;
  }
  return folder;
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
