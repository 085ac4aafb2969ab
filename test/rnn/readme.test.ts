/** lib/rnn/README.md: its example is a cell that works, its tables are complete. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import { compileFunction } from 'node:vm';
import ts from 'typescript';
import { kindsOf, make, type Kind } from '../../lib/settings/kinds';
import { createOutputLayer, type SequenceClassifier } from '../../lib/model/model';
import { createOptimizer } from '../../lib/optimizers';
import { createRandom } from '../../lib/base/random';
import type { RNNCell } from '../../lib/rnn/cell';
import { variablesOf } from '../../lib/rnn/weights';
import * as cells from '../../lib/rnn/cells/cells';
import { dynamicRnn } from '../../lib/rnn/unroll/dynamic_rnn';
import * as wrappers from '../../lib/rnn/wrappers/wrappers';
import { createTrainStep } from '../../lib/training/train_step';
import { smallData } from '../support/small_data';

const root = join(__dirname, '..', '..');
const readme = readFileSync(join(root, 'lib', 'rnn', 'README.md'), 'utf8');
const [, example] = /```ts\n(.*?)```/s.exec(readme)!;
/** Where the README says that it is. */
const [, file] = /One file, `(lib\/rnn\/cells\/\w+\.ts)`/.exec(readme)!;
const path = join(root, file);

/** What the example exports, run as if it were in its file. */
function runExample(): Record<string, Kind> {
  const { target, module } = compilerOptions();
  const { outputText } = ts.transpileModule(example, { compilerOptions: { target, module } });
  const exported: Record<string, Kind> = {};
  const run = compileFunction(outputText, ['require', 'exports']) as (...args: unknown[]) => void;
  run(createRequire(path), exported);
  return exported;
}

function compilerOptions(): ts.CompilerOptions {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), name => ts.sys.readFile(name)) as {
    config: object;
  };
  return ts.parseJsonConfigFileContent(config, ts.sys, root).options;
}

test('the example has the right types', () => {
  const options = compilerOptions();
  const host = ts.createCompilerHost(options);
  const onDisk = { ...host };
  host.fileExists = name => name === path || onDisk.fileExists(name);
  host.getSourceFile = (name, version, ...rest) =>
    name === path
      ? ts.createSourceFile(name, example, version)
      : onDisk.getSourceFile(name, version, ...rest);
  const program = ts.createProgram([path], options, host);
  const diagnostics = ts.getPreEmitDiagnostics(program, program.getSourceFile(path));
  assert.deepEqual(
    diagnostics.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n')),
    [],
  );
});

test('the example trains', async () => {
  const exported = runExample();
  const [{ name, schema }] = kindsOf(exported);
  const settings = schema.parse({ kind: name }) as { kind: string };
  const data = smallData(100);
  const cell = make<RNNCell, [number]>(exported, settings, 8);
  cell.build(data.columns, createRandom(0));
  const output = createOutputLayer(cell.outputSize, data.numClasses, 0);
  const model: SequenceClassifier = {
    variables: variablesOf({ cell, output }),
    logits: images => output.call(dynamicRnn(cell, images).outputs.at(-1)!),
  };
  const optimizer = createOptimizer({ kind: 'sgd', momentum: 0.9 });
  const step = createTrainStep(model, { optimizer, learningRate: 0.1, log: () => {} });
  const losses: number[] = [];
  for (let i = 0; i < 50; i++) losses.push((await step(data.nextBatch(20))).loss);
  assert.ok(losses[49] < 0.5 * losses[0], `${losses[0]} at first, ${losses[49]} at last`);
});

/** Kind and class of each row of the table under this heading. */
function table(heading: string): [kind: string, className: string][] {
  const [section] = readme.split(`## ${heading}\n`)[1].split('\n## ');
  const rows = section.matchAll(/^\| `(\w+)` *\| `?(\w+|–)`? *\| .*\w.* \|$/gm);
  return [...rows].map(([, kind, className]) => [kind, className]);
}

/** Kind and class of everything that a file exports. */
function registered(exported: object, classOf: (settings: { kind: string }) => string): [string, string][] {
  return kindsOf(exported as Record<string, Kind>).map(({ name, schema }) => [
    name,
    classOf(schema.parse({ kind: name }) as { kind: string }),
  ]);
}

test('every cell and every wrapper stands in a table, with its class, in the order of the code', () => {
  const nameOfCell = (settings: { kind: string }) =>
    make<RNNCell, [number]>(cells, settings, 4).constructor.name;
  assert.deepEqual(table('All cells'), registered(cells, nameOfCell));
  const inner = new cells.GRUCell(4);
  const nameOfWrapper = (settings: { kind: string }) => {
    const wrapped = make<RNNCell, [RNNCell]>(wrappers, settings, inner);
    return wrapped === inner ? '–' : wrapped.constructor.name;
  };
  assert.deepEqual(table('All wrappers'), registered(wrappers, nameOfWrapper));
});
