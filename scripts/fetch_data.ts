/**
 * Put the files of a known data set into data/<name>, checked and unpacked: `npm run fetch-data` for MNIST,
 * `npm run fetch-data fashion-mnist` for that. The set-up runs it too.
 */
import { fileNames, knownDataSets, parts } from '../lib/data/known_data_sets';
import { fetchKnownFile } from '../lib/data/known_files';
import { projectPath } from '../lib/base/project';
import { NpmCommand, start } from './npm_command';
import { choiceArgument } from './options';

async function fetchData(name: string): Promise<void> {
  const folder = projectPath(`data/${name}`);
  for (const part of parts) {
    const { path, source } = await fetchKnownFile(knownDataSets[name], part, folder);
    console.log(`${fileNames[part]}: ${source === path ? 'there and right' : `from ${source}`}`);
  }
}

export const command = new NpmCommand(
  'npm run fetch-data',
  'Put the files of a data set into data/<name>, checked and unpacked.',
  ['', 'fashion-mnist'],
)
  .usage('-- [options] [name]')
  .addArgument(choiceArgument('[name]', 'of the data set', Object.keys(knownDataSets), 'mnist'))
  .action(fetchData);

if (require.main === module) void start(command);
