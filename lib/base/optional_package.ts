/** Packages that only a part of Scanline needs: they are loaded when that part is used, and need not be installed. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { UserError } from './errors';
import { packageFolder } from './project';

const requireHere = createRequire(__filename);

/**
 * Where a file of an optional package is.
 * @param path of the file, with the package's name in front: `jsdom`, `plotly.js-dist/plotly.js`
 * @param purpose what needs it, for the message: `draw charts`
 * @throws UserError that says what to install
 */
export function resolveOptional(path: string, purpose: string): string {
  try {
    return requireHere.resolve(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
    const [name] = /^(@[^/]+\/)?[^/]+/.exec(path) ?? [path];
    throw new UserError(
      `Expected the package ${name} to ${purpose}, found none: npm install --ignore-scripts ${name}${versionOf(name)}`,
      { cause: error },
    );
  }
}

/** `@28.1.0`, as the package Scanline has been tested with it; nothing where that is not known. */
function versionOf(name: string): string {
  const text = readFileSync(join(packageFolder(), 'package.json'), 'utf8');
  const { optionalDependencies = {}, peerDependencies = {} } = JSON.parse(text) as Partial<
    Record<'optionalDependencies' | 'peerDependencies', Record<string, string>>
  >;
  const version = optionalDependencies[name] ?? peerDependencies[name];
  return version === undefined ? '' : `@${version}`;
}
