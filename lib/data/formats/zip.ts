/** Files in a zip archive, one at a time, without trust in what it says about itself. */
import { statSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { openPromise, type Entry, type ZipFile } from 'yauzl';
import { UserError } from '../../base/errors';

/** More does not fit into one array on all computers. */
const largestFile = 2 ** 32;

export interface ZipArchive {
  readonly names: readonly string[];
  /**
   * @param most bytes that are read to find out the length
   * @param lengthOf the length that the file must have, from its first bytes: as many as there are, or `most`
   * @throws UserError if it has another, or is damaged
   */
  read(name: string, most: number, lengthOf: (start: Uint8Array) => number): Promise<Uint8Array>;
  close(): void;
}

/** @throws UserError if it is none, is damaged, or no regular file */
export async function openZip(path: string): Promise<ZipArchive> {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats?.isFile()) {
    throw new UserError(
      `Expected a zip archive at ${path}, found ${stats ? 'a folder, a pipe or a device' : 'nothing'}`,
    );
  }
  let zip: ZipFile;
  const entries = new Map<string, Entry>();
  try {
    zip = await openPromise(path, { autoClose: false });
  } catch (error) {
    throw damaged(path, error);
  }
  try {
    for await (const entry of zip.eachEntry()) {
      if (entries.has(entry.fileName)) throw new Error(`two files called ${entry.fileName}`);
      entries.set(entry.fileName, entry);
    }
  } catch (error) {
    zip.close();
    throw damaged(path, error);
  }
  return {
    names: [...entries.keys()],
    read: (name, most, lengthOf) => readEntry(zip, entries.get(name)!, { path, most, lengthOf }),
    close: () => zip.close(),
  };
}

interface Reading {
  readonly path: string;
  readonly most: number;
  readonly lengthOf: (start: Uint8Array) => number;
}

/** The stream ends with an error as soon as more or less comes out of it than the archive says. */
async function readEntry(zip: ZipFile, entry: Entry, { path, most, lengthOf }: Reading): Promise<Uint8Array> {
  const { uncompressedSize: size, fileName } = entry;
  let [start, done, checksum] = [Buffer.alloc(0), 0, 0];
  let bytes: Buffer | undefined;
  try {
    for await (const chunk of (await zip.openReadStreamPromise(entry)) as AsyncIterable<Buffer>) {
      checksum = crc32(chunk, checksum);
      done += chunk.length;
      if (bytes) {
        chunk.copy(bytes, done - chunk.length);
        continue;
      }
      start = Buffer.concat([start, chunk]);
      if (done < Math.min(size, most)) continue;
      checkLength(lengthOf(start), size, `${fileName} of ${path}`);
      bytes = Buffer.alloc(size);
      start.copy(bytes);
    }
    if (checksum !== entry.crc32) throw new Error(`a wrong checksum of ${fileName}`);
  } catch (error) {
    throw error instanceof UserError ? error : damaged(path, error);
  }
  return bytes ?? start;
}

function checkLength(expected: number, found: number, where: string): void {
  if (expected !== found) {
    throw new UserError(
      `Expected ${expected} bytes in ${where}, as its header says, found ${found}: put a whole copy of the archive there`,
    );
  }
  if (found <= largestFile) return;
  throw new UserError(
    `Expected at most ${largestFile} bytes in ${where}, found ${found}: use a smaller data set`,
  );
}

const damaged = (path: string, error: unknown) =>
  new UserError(
    `Expected a whole zip archive at ${path}, found ${(error as Error).message}: put a whole copy of it there`,
  );
