import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { UserError } from '../base/errors';
import { sha256Of } from '../base/files/checksum';
import { download, type DownloadOptions } from './download';
import { readFile, writeWhole } from './files';
import type { KnownFile } from './known_data_sets';
import { withProgress } from './with_progress';

export interface FetchOptions extends Omit<DownloadOptions, 'maxBytes'> {
  /** Another way to get the file, for the message when no source works. */
  readonly otherWay?: string;
}

/**
 * Get a file from the first source that has it, gzipped or not, and write it unpacked. It gets its name only when all
 * of it is there and its checksum is right.
 * @param sources web addresses or paths of the same file, best first
 * @returns the source that it came from
 * @throws UserError that says of each source why it failed
 */
export async function fetchVerified(
  sources: readonly string[],
  file: KnownFile,
  path: string,
  { otherWay, ...options }: FetchOptions = {},
): Promise<string> {
  const problems: string[] = [];
  for (const source of sources) {
    let bytes: Uint8Array;
    try {
      bytes = await readSource(source, file, options);
      const found = sha256Of(bytes);
      if (found !== file.sha256) throw new Error(`wrong data: SHA-256 ${found} instead of ${file.sha256}`);
    } catch (error) {
      problems.push(`${source}: ${(error as Error).message}`);
      continue;
    }
    await writeWhole(path, bytes);
    return source;
  }
  throw new UserError(
    `Expected to get ${path} from one of its sources, found that none works:\n  ${problems.join('\n  ')}\n` +
      `Try again later; ${otherWay ? `or ${otherWay}; ` : ''}or get the file elsewhere and put it there, ` +
      'unpacked or with .gz added to its name',
  );
}

async function readSource(
  source: string,
  file: KnownFile,
  options: Omit<DownloadOptions, 'maxBytes'>,
): Promise<Uint8Array> {
  if (!/^https?:/.test(source)) return readFile(source);
  // Gzip makes what it cannot press a little longer.
  const maxBytes = Math.ceil(file.bytes * 1.01) + 1000;
  const bytes = await withProgress(source, show =>
    download(source, { onProgress: show, ...options, maxBytes }),
  );
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  if (!isGzip) return bytes;
  try {
    return await promisify(gunzip)(bytes, { maxOutputLength: file.bytes });
  } catch (error) {
    throw new Error(`broken gzip data (${(error as Error).message})`, { cause: error });
  }
}
