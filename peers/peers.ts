/**
 * `compile` against what nobody here wrote: `npm run peers` runs TensorFlow.js's own tests, and `-- graph-models`
 * published models, operation by operation and compiled. See README.md.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { markdown } from '../bench/report';
import { root } from '../scripts/child_process';
import { NpmCommand, start } from '../scripts/npm_command';
import { choiceArgument, textOption } from '../scripts/options';
import { compareModels, modelsTable } from './models/graph_models';
import { compareRuns, count, type Comparison } from './suites/compare';
import { runSuite } from './suites/run_suite';
import { coreSuite, layersSuite, selectFiles, type Suite } from './suites/suites';

interface Options {
  tfjs?: string;
  files?: string;
  list?: boolean;
}

const experiments: Record<string, (options: Options) => Promise<void>> = {
  tests: async options => compareSuites([coreSuite(), await layersSuite(options.tfjs)], options),
  core: options => compareSuites([coreSuite()], options),
  layers: async options => compareSuites([await layersSuite(options.tfjs)], options),
  'graph-models': async ({ files }) => {
    const results = await compareModels(files?.split(','));
    console.log(`\n${modelsTable(results)}`);
    writeResults('graph_models.json', results);
  },
};

async function compareSuites(suites: readonly Suite[], { files, list }: Options): Promise<void> {
  const comparisons: Comparison[] = [];
  for (const suite of suites) {
    const selected = files === undefined ? suite : selectFiles(suite, files.split(','));
    console.log(`${suite.name}: ${selected.files.length} files with tests`);
    const [eager, compiled] = [await runSuite(selected, false), await runSuite(selected, true)];
    comparisons.push(compareRuns(suite.name, eager, compiled));
  }
  console.log(`\n${suitesTable(comparisons)}`);
  const rest = comparisons.flatMap(({ suite, rest }) => rest.map(each => ({ suite, ...each })));
  for (const { suite, name, kind, reason } of list ? rest : rest.filter(each => each.kind === 'defect')) {
    console.log(`\n${suite}, ${kind}: ${name}\n  ${reason}`);
  }
  writeResults('suites.json', comparisons);
}

const suitesTable = (comparisons: readonly Comparison[]) =>
  markdown(
    ['suite', 'passes eagerly', 'passes compiled', 'refused, or about identity', 'defects'],
    comparisons.map(each =>
      [each.suite, each.eager, each.compiled, count(each, 'refused', 'identity'), count(each, 'defect')].map(
        String,
      ),
    ),
  );

function writeResults(name: string, results: unknown): void {
  const path = join('out', 'peers', name);
  mkdirSync(join(root, 'out', 'peers'), { recursive: true });
  writeFileSync(
    join(root, path),
    `${JSON.stringify({ when: new Date().toISOString(), results }, null, 2)}\n`,
  );
  console.log(`\nWritten: ${path}`);
}

export const command = new NpmCommand(
  'npm run peers',
  'Run the tests of tfjs and published models, operation by operation and compiled.',
  ['core', 'core --files ops/add_test,gradients_test --list'],
)
  .usage('-- [options] [experiment]')
  .addArgument(choiceArgument('[experiment]', 'what is run', Object.keys(experiments), 'tests'))
  .addOption(
    textOption(
      '--tfjs <folder>',
      'a checkout of github.com/tensorflow/tfjs at tfjs-v4.22.0, or the address of its archive, for the tests of ' +
        'tfjs-layers; without it they are downloaded once',
    ),
  )
  .addOption(
    textOption('--files <parts>', 'only tests in files whose path contains one of these, divided by commas'),
  )
  .option('--list', 'name also what is refused, or about identity')
  .action((name: string, options: Options) => experiments[name](options));

if (require.main === module) void start(command);
