/** IDX files in a folder: find them, read them raw or gzipped, write them so that none is ever half there. */
import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { UserError } from '../base/errors';
import { gunzip, gunzipStart } from './gzip';
import { idxBytes, longestIdxHeader, wrongLength } from './idx';

/** Linux reads at most 2 GiB at a time. */
const readBytes = 2 ** 30;

/** So much is read of a file that is something else. */
const beginning = 2 ** 20;

/** The names that a file is found under, best first: its own, those with a dot, test- for t10k-, each also .gz. */
export function possibleNames(name: string): string[] {
  const names = name.startsWith('t10k') ? [name, name.replace('t10k', 'test')] : [name];
  const withDot = names.map(each => each.replace('-idx', '.idx'));
  return [...names, ...withDot].flatMap(each => [each, `${each}.gz`]);
}

/**
 * What is in the folder; nothing if there is no such folder.
 * @throws UserError if it cannot be read
 */
export async function listFolder(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw fileProblem('read', folder, error);
  }
}

/** The path of a file in the folder, or undefined. @param name as its authors chose it */
export async function findFile(folder: string, name: string): Promise<string | undefined> {
  const present = await listFolder(folder);
  const found = possibleNames(name).find(each => present.includes(each));
  return found && join(folder, found);
}

/**
 * All bytes of an IDX file, unpacked if its name ends in .gz. No more memory is used than its header promises.
 * @returns of a file that is no IDX file only the beginning, so that it can be told what it is
 * @throws UserError if it cannot be read or unpacked, is longer than its header says, or is no regular file
 */
export async function readFile(path: string): Promise<Uint8Array> {
  try {
    const stats = await stat(path);
    if (stats.isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' });
    if (!stats.isFile()) throw Object.assign(new Error(), { code: 'special' }); // a pipe would be waited for
    const file = await open(path);
    try {
      return await (path.endsWith('.gz') ? readGzip(file, path) : readRaw(file, path));
    } finally {
      await file.close();
    }
  } catch (error) {
    throw error instanceof UserError ? error : fileProblem('read', path, error);
  }
}

async function readRaw(file: FileHandle, path: string): Promise<Uint8Array> {
  const { size } = await file.stat();
  const start = await readStart(file, longestIdxHeader);
  const expected = idxBytes(start);
  if (expected === undefined) return readStart(file, beginning);
  if (size > expected) throw wrongLength(path, String(expected), String(size));
  return readStart(file, size);
}

async function readGzip(file: FileHandle, path: string): Promise<Uint8Array> {
  const start = await gunzipStart(await readStart(file, 2 * longestIdxHeader));
  const expected = idxBytes(start);
  if (expected === undefined) return start.subarray(0, beginning);
  try {
    // Many small members can be longer than what they hold.
    return await gunzip(await readStart(file, 2 * expected + beginning), expected);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_BUFFER_TOO_LARGE') throw error;
    throw wrongLength(path, String(expected), 'more');
  }
}

/** At most so many bytes from the beginning of the file; no more memory than it is long. */
async function readStart(file: FileHandle, most: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(Math.min(most, (await file.stat()).size));
  for (let done = 0; done < bytes.length;) {
    const { bytesRead } = await file.read(bytes, done, Math.min(readBytes, bytes.length - done), done);
    if (bytesRead === 0) return bytes.subarray(0, done);
    done += bytesRead;
  }
  return bytes;
}

/**
 * Write the file under another name, make sure that it is on the disk, then give it its name: whoever finds the name
 * finds the whole file, also when two processes write it at once.
 * @throws UserError if it cannot be written
 */
export async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const part = `${path}.${randomUUID()}.part`;
  try {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(part, 'wx');
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    throw fileProblem('write', path, error);
  }
}

/** What to do about the usual codes of the system and of zlib. */
const remedies: Readonly<Record<string, string>> = {
  EACCES: 'no permission: allow it (chmod u+rwX on the file and its folder) or use another folder',
  EPERM: 'no permission: allow it or use another folder',
  EISDIR: 'a folder: put the file itself there',
  special: 'a pipe or a device: put a regular file there',
  ENOTDIR: 'a file where a folder must be: remove it or use another folder',
  ENOSPC: 'a full disk: make room and try again',
  EROFS: 'a disk that cannot be written: use another folder',
  memory: 'more data than there is memory for: use a smaller data set, or a computer with more',
  Z_BUF_ERROR: 'gzip data that breaks off: put a whole copy of the file there',
  Z_DATA_ERROR: 'damaged gzip data: put a whole copy of the file there',
};

function fileProblem(verb: 'read' | 'write', path: string, error: unknown): Error {
  const { code = error instanceof RangeError ? 'memory' : '', message } = error as NodeJS.ErrnoException;
  const finding = remedies[code] ?? `${message}: check the file, its folder and the disk`;
  return new UserError(`Expected to ${verb} ${path}, found ${finding}`);
}
