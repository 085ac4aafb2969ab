/**
 * Does the project work under other versions of Node? `npm run test:node` tries all that are supported,
 * `npm run test:node -- 22 24` some. Each gets a copy of the project in out/node/, its own set-up and a short selection
 * of tests; Node itself comes from the npm registry.
 */
import { join } from 'node:path';
import { root } from './child_process';
import { NpmCommand, start } from './npm_command';
import { availableVersions, fetchNode, pickVersion } from './node_versions/node_program';
import { resultTable } from './node_versions/result_table';
import { tryNode, type NodeResult } from './node_versions/try_node';

const supported = ['20.19', '22', '24', 'newest'];

async function main(wanted: string[]): Promise<void> {
  const available = await availableVersions();
  const versions = new Set(
    (wanted.length > 0 ? wanted : supported).map(name => pickVersion(name, available)),
  );
  const results: NodeResult[] = [];
  for (const version of versions) {
    console.log(`\n== Node ${version}`);
    const folder = join(root, 'out', 'node', version);
    const result = await tryNode(await fetchNode(version, folder), folder);
    for (const warning of result.deprecations) console.log(`deprecated: ${warning}`);
    results.push(result);
  }
  console.log(`\n${resultTable(results)}`);
  if (results.some(({ failed, deprecations }) => failed !== 0 || deprecations.length > 0))
    process.exitCode = 1;
}

export const command = new NpmCommand(
  'npm run test:node',
  'Set up a copy of the project under other versions of Node, and run some tests there.',
  ['', '22 24'],
)
  .usage('-- [options] [versions...]')
  .argument('[versions...]', `versions of Node, such as 22 or 20.19 [${supported.join(' ')}]`)
  .action(main);

if (require.main === module) void start(command);
