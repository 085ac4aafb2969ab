/**
 * Put the files of a known data set into data/<name>, checked and unpacked: `ts-node scripts/fetch_data.ts` for MNIST,
 * `ts-node scripts/fetch_data.ts fashion-mnist` for that.
 */
import { UserError } from '../lib/errors';
import { fileNames, knownDataSet, knownDataSets, parts } from '../lib/data/known_data_sets';
import { fetchKnownFile } from '../lib/data/known_files';
import { projectPath } from '../lib/project';

async function fetchData(name: string): Promise<void> {
  const known = knownDataSet(name);
  if (!known) {
    const names = Object.keys(knownDataSets).join(' or ');
    throw new UserError(`Expected the name of a data set, ${names}, found ${name}: choose one of them`);
  }
  const folder = projectPath(`data/${name}`);
  for (const part of parts) {
    const { path, source } = await fetchKnownFile(known, part, folder);
    console.log(`${fileNames[part]}: ${source === path ? 'there and right' : `from ${source}`}`);
  }
}

fetchData(process.argv[2] ?? 'mnist').catch((error: unknown) => {
  console.error(error instanceof UserError ? error.message : error);
  process.exitCode = 1;
});
