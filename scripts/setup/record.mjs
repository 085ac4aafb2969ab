// What a step has installed, file by file, so that a later look finds what is missing or cut short without starting
// anything. A record is written last: a break leaves none.
import { createHash } from 'node:crypto';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

/** Files below the folder as [path, bytes]; links are left out, and the folders that `skip(name, path)` names. */
function* filesIn(folder, skip, below = '') {
  for (const entry of readdirSync(join(folder, below), { withFileTypes: true })) {
    const path = below ? `${below}/${entry.name}` : entry.name;
    if (entry.isDirectory()) {
      if (!skip(entry.name, path)) yield* filesIn(folder, skip, path);
    } else if (entry.isFile()) yield [path, lstatSync(join(folder, path)).size];
  }
}

/**
 * @param facts what the installation was made from, compared by `differences`
 * @param skip folders that change by themselves
 */
export function writeRecord(file, facts, folder, skip = () => false) {
  rmSync(file, { force: true });
  const files = folder ? Object.fromEntries(filesIn(folder, skip)) : {};
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.part`, JSON.stringify({ facts, files }));
  renameSync(`${file}.part`, file);
}

export function readRecord(file) {
  try {
    const { facts, files } = JSON.parse(readFileSync(file, 'utf8'));
    return facts && files ? { facts, files } : undefined;
  } catch {
    return undefined; // none, or damaged: to be made anew
  }
}

/**
 * What has changed since the record was written, in words; nothing where all is as it was.
 * @param facts name → value as they are now
 */
export function differences(file, facts, folder) {
  const record = readRecord(file);
  if (!record) return ['not installed, or not to the end'];
  const changed = Object.keys(facts).filter(name => record.facts[name] !== facts[name]);
  const found = changed.map(name => `${name} changed: ${short(record.facts[name])} → ${short(facts[name])}`);
  const [first, ...more] = folder ? brokenFiles(record, folder) : [];
  if (first) found.push(`missing or cut short: ${first}${more.length > 0 ? ` and ${more.length} more` : ''}`);
  return found;
}

/** The recorded files that are gone or have another length. */
export const brokenFiles = (record, folder) =>
  Object.entries(record?.files ?? {})
    .filter(([path, bytes]) => sizeOf(folder, path) !== bytes)
    .map(([path]) => path);

const sizeOf = (folder, path) => statSync(`${folder}/${path}`, { throwIfNoEntry: false })?.size;

/** Checksums are told by their first digits. */
const short = value => (/^[0-9a-f]{64}$/.test(value) ? value.slice(0, 8) : (value ?? 'none'));

/** Bytes in all files below the folder; what vanishes meanwhile does not count. */
export function bytesIn(folder) {
  let sum = 0;
  try {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) sum += bytesIn(path);
      else if (entry.isFile()) sum += lstatSync(path, { throwIfNoEntry: false })?.size ?? 0;
    }
  } catch {
    // A temporary folder that is gone, or the folder is not there yet.
  }
  return sum;
}

/** SHA-256, hexadecimal; undefined if there is no such file. */
export const checksumOf = file =>
  existsSync(file) ? createHash('sha256').update(readFileSync(file)).digest('hex') : undefined;
