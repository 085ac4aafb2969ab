/** The examples in the docstrings run, each by itself, as they would in a notebook of this project. */
import assert from 'node:assert/strict';
import { compileFunction } from 'node:vm';
import { describe, test } from 'node:test';
import ts from 'typescript';
import * as scanline from '../../lib';
import { root } from '../../scripts/child_process';
import { docExamples, namesIn } from '../../scripts/doc_examples';
import { runsFolder, small, smallSets } from '../support/training';

const directory = runsFolder();
const tiny: scanline.HyperparametersInput = { ...small, numLayers: 1, numHidden: 4, epochs: 20 };
const data = { ...smallSets(), validation: smallSets().test };

/** Those that would take too long, or that need what only a user has. */
const notRun: Readonly<Record<string, string>> = {
  'lib/search/sweep.ts': 'twenty trials',
  'lib/views/sweep.ts': 'twenty trials',
  'lib/search/importance.ts': 'forty trials',
  'lib/search/steering/steer_sweep.ts': 'a search that goes on',
  'lib/runs/groups/compare_groups.ts': 'the runs of two groups',
  'lib/views/groups/compare_groups.ts': 'the runs of two groups',
  'lib/views/watch.ts': 'the folder of a run',
  'lib/views/show_runs.ts': 'the runs of the project',
  'lib/views/run_curves.ts': 'the runs of the project',
  'lib/runs/load_model.ts': 'the folder of a run',
  'lib/export/export_model.ts': 'the folder of a run',
  'lib/export/load_weights.ts': 'a run that was exported',
  'lib/inspect/state_space.ts': 'images of 28 rows',
};

const { createRun, fork, train } = scanline;
/** What a notebook would have by then, and functions whose results go into a folder of this test's own. */
const replaced = {
  mnist: data,
  console: { log: () => {} },
  createRun: (...[, settings, options]: Parameters<typeof createRun>) =>
    createRun(data, { ...tiny, ...settings }, { ...options, directory }),
  fork: (...[run, sets, changes]: Parameters<typeof fork>) => fork(run, sets, changes, { directory }),
  train: (...[run, options]: Parameters<typeof train>) => train(run, { observers: [], ...options }),
};

/** Trained until its first test, with steps left; made only for the examples that speak of one. */
async function trained(name: string): Promise<scanline.TrainingRun> {
  const run = createRun(data, tiny, { directory, name });
  await train(run, { observers: [{ test: () => run.stop() }] });
  return run;
}

const given: Readonly<Record<string, () => unknown>> = {
  run: () => trained('run'),
  tutorial: () => trained('tutorial'),
  faster: () => trained('faster'),
  model: () => scanline.createModel(scanline.parseHyperparameters(tiny), data.train),
  network: () => new scanline.GRUCell(4).build(3, scanline.createRandom(0)),
  rows: () => [scanline.tf.ones([2, 3]), scanline.tf.ones([2, 3])],
  images: () => scanline.tf.ones([2, 4, 4]),
};

describe('the example of', () => {
  const examples = docExamples();
  assert.ok(examples.length > 25, `${examples.length} examples`);
  for (const { file, line, code } of examples.filter(each => !(each.file in notRun))) {
    test(`${file}:${line}`, async () => {
      const names = [...namesIn(code)];
      const values: Record<string, unknown> = {
        ...scanline,
        ...((await import(`${root}/${file}`)) as object),
        ...replaced,
      };
      for (const name of names) if (name in given) values[name] = await given[name]();
      const used = names.filter(name => name in values);
      const body = `return (async () => {\n${code.replace(/^export /gm, '')}\n})();`;
      const { outputText } = ts.transpileModule(`function example() {\n${body}\n}`, {
        compilerOptions: { target: ts.ScriptTarget.ES2022 },
      });
      const run = compileFunction(`${outputText}\nreturn example();`, used) as (
        ...args: unknown[]
      ) => unknown;
      await run(...used.map(name => values[name]));
    });
  }

  test('a file that is left out has an example', () => {
    const files = new Set(examples.map(({ file }) => file));
    assert.deepEqual(
      Object.keys(notRun).filter(file => !files.has(file)),
      [],
    );
  });
});
