/**
 * Programs of many megabytes start sooner when V8 need not compile them again: what it compiled for one process is kept for
 * the next ones, in node_modules/.cache beside the program's package. This file imports nothing and has no loop, so that the
 * kernel can load it before TypeScript (kernel/compiler/load_compiler.ts).
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import vm from 'node:vm';

export interface CachedScript {
  readonly script: vm.Script;
  /** Keep what is compiled by now, which is more once the program has run; does nothing if that was there already. */
  readonly keep: () => void;
}

/**
 * @param path of the program, in a package below a folder node_modules
 * @param wrap makes its text into what is run; must keep the line numbers
 */
export function compileCached(path: string, wrap = (text: string) => text): CachedScript {
  const text = wrap(readFileSync(path, 'utf8'));
  const file = cacheFile(path, text);
  const cachedData = readIfThere(file);
  const script = new vm.Script(text, {
    filename: path,
    cachedData,
    importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  let isKept = cachedData !== undefined && script.cachedDataRejected === false;
  const keep = () => {
    if (isKept) return;
    isKept = true;
    write(file, script.createCachedData());
  };
  return { script, keep };
}

/** One for each text, V8 and processor: V8 itself looks at no more than a text's length. */
function cacheFile(path: string, text: string): string {
  const mark = `${sep}node_modules${sep}`;
  const end = path.lastIndexOf(mark);
  const folder = end < 0 ? dirname(path) : path.slice(0, end + mark.length - 1);
  const hash = createHash('sha256').update(text).update(`${process.versions.v8} ${process.arch}`);
  return join(folder, '.cache', 'scanline', `${hash.digest('hex')}.v8`);
}

function readIfThere(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

/** Under its final name only when whole: two processes may write at once. */
function write(file: string, data: Buffer): void {
  const draft = `${file}.${process.pid}`;
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(draft, data);
    renameSync(draft, file);
  } catch {
    // A folder that cannot be written to: then it is compiled each time.
  }
}
