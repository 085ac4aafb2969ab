/**
 * How fast Scanline is, beside others on the same machine in the same run: `npm run bench`. Also `-- quick` (one short
 * round, nothing is written), `-- threads`, `-- simplify`, `-- soak`, `-- calls`,
 * `-- live`, `-- pixels`, `-- models`, `-- search` and `-- queue`.
 */
import { writeFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { figureToSvg, tf } from '../lib';
import { NpmCommand, start } from '../scripts/npm_command';
import { choiceArgument } from '../scripts/options';
import { calls } from './calls';
import { compareAll, ours } from './compare';
import { findPeers, peerVersions } from './peers';
import { comparisonTable, resultsChart, sweepTable } from './report';
import { live } from './live';
import { compareModels } from './models';
import { pixels } from './pixel_sequences';
import { compareSearches } from './compare_searches';
import { queue } from './queue';
import { soak } from './soak';
import { sweepAll } from './sweeps';
import { compareSimplifications, compareThreads } from './variants';

async function compare(): Promise<void> {
  const peers = await findPeers();
  const comparison = await compareAll(peers, { rounds: 5, steps: 20 });
  console.log(`\n${comparisonTable(comparison)}\n`);
  const sweeps = await sweepAll([ours[0], ...peers.filter(({ name }) => name === 'PyTorch')]);
  console.log(
    `\nMilliseconds of a step, best of five short rounds\n\n${sweeps.map(sweepTable).join('\n\n')}\n`,
  );
  const results = { when: new Date().toISOString(), machine: machine(), comparison, sweeps };
  writeFileSync(join(__dirname, 'results.json'), `${JSON.stringify(results, null, 2)}\n`);
  writeFileSync(join(__dirname, 'results.svg'), await figureToSvg(resultsChart(comparison, sweeps)));
  console.log('Written: bench/results.json, bench/results.svg');
}

async function quick(): Promise<void> {
  console.log(`\n${comparisonTable(await compareAll(await findPeers(), { rounds: 1, steps: 5 }))}`);
}

const machine = () => ({
  cpu: cpus()[0].model,
  cores: availableParallelism(),
  memoryBytes: totalmem(),
  platform: `${process.platform} ${process.arch}`,
  versions: {
    node: process.versions.node,
    tensorflow: (tf.backend() as unknown as { binding: { TF_Version: string } }).binding.TF_Version,
    ...peerVersions(),
  },
});

const experiments: Record<string, () => Promise<void>> = {
  compare,
  quick,
  threads: compareThreads,
  simplify: compareSimplifications,
  soak,
  calls,
  live,
  pixels,
  models: compareModels,
  search: compareSearches,
  queue,
};

export const command = new NpmCommand(
  'npm run bench',
  'Measure how fast Scanline is, beside others on the same machine in the same run.',
  ['', 'quick'],
)
  .usage('-- [options] [experiment]')
  .addArgument(choiceArgument('[experiment]', 'what is measured', Object.keys(experiments), 'compare'))
  .action((name: string) => experiments[name]());

if (require.main === module) void start(command);
