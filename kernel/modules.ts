/**
 * Modules whose file has changed are loaded anew by the next cell that imports them, and so is everything that imports
 * them in turn. All other modules keep their state.
 */
import { sep } from 'node:path';

const own = __dirname + sep;

/** @param paths files that have changed */
export function unloadModules(paths: readonly string[]): void {
  const modules = (Object.values(require.cache) as NodeJS.Module[]).filter(
    ({ filename }) => !filename.includes(`${sep}node_modules${sep}`) && !filename.startsWith(own),
  );
  const stale = new Set(paths);
  let before: number;
  do {
    before = stale.size;
    for (const { filename, children } of modules) {
      if (children.some(child => stale.has(child.filename))) stale.add(filename);
    }
  } while (stale.size > before);
  for (const path of stale) delete require.cache[path];
}
