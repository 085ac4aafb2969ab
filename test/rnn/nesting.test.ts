/** What holds for any nesting of wrappers and layers around any cell that is registered. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Batch } from '../../lib/data';
import type { CellSettings, WrapperSettings } from '../../lib/model/hyperparameters';
import { kindsOf, type Kind } from '../../lib/settings/kinds';
import { createCell, wrapCell, type SequenceClassifier } from '../../lib/model/model';
import { sgd } from '../../lib/optimizers';
import { createRandom } from '../../lib/base/random';
import { DropoutWrapper, dynamicRnn, Linear, MultiRNNCell, type RNNCell } from '../../lib/rnn';
import { variablesOf } from '../../lib/rnn/weights';
import * as cells from '../../lib/rnn/cells/cells';
import * as wrappers from '../../lib/rnn/wrappers/wrappers';
import { tf } from '../../lib/tfjs/tensorflow';
import { createTrainStep } from '../../lib/training/train_step';

/** The kind of a cell, something within a wrapper, or layers. */
type Nesting = string | { wrapper: string; of: Nesting } | { layers: Nesting[] };

const [size, rows, columns, numClasses] = [2, 3, 4, 3];
const units = columns; // so that a residual connection has something to add
const batch: Batch = {
  size,
  rows,
  columns,
  numClasses,
  images: Float32Array.from({ length: size * rows * columns }, (_, i) => (i % 7) / 7),
  indices: Uint32Array.of(0, 1),
  oneHot: false,
  labels: Int32Array.of(0, 2),
};

const cellNames = kindsOf(cells).map(({ name }) => name);
const wrapperNames = ['dropout', ...kindsOf(wrappers).map(({ name }) => name)];

/** Something around `core`, `depth` deep at most. */
function nestings(core: fc.Arbitrary<Nesting>, depth: number): fc.Arbitrary<Nesting> {
  if (depth === 0) return core;
  const inner = nestings(core, depth - 1);
  const other = nestings(fc.constantFrom(...cellNames), Math.min(1, depth - 1));
  const layers = fc.oneof(fc.tuple(inner, other), fc.tuple(other, inner), fc.tuple(inner));
  return fc.oneof(
    { arbitrary: inner, weight: 1 },
    { arbitrary: fc.record({ wrapper: fc.constantFrom(...wrapperNames), of: inner }), weight: 4 },
    { arbitrary: fc.record({ layers }), weight: 1 },
  );
}

for (const [seed, name] of cellNames.entries()) {
  test(`${name}: any nesting of wrappers around it trains and leaves no tensor behind`, async () => {
    // Always the same ones. A failure prints the nesting; `trains` takes it.
    const settings = { numRuns: 6, seed, includeErrorInReport: true };
    await fc.assert(fc.asyncProperty(nestings(fc.constant(name), 4), trains), settings);
  });
}

for (const wrapper of wrapperNames) {
  test(`${wrapper}: trains around every wrapper`, async () => {
    for (const other of wrapperNames) await trains({ wrapper, of: { wrapper: other, of: 'lstm' } });
  });
}

/** One compiled step; loss and weights must be finite after it. */
async function trains(nesting: Nesting): Promise<void> {
  const before = tf.memory().numTensors;
  const cell = create(nesting).build(columns, createRandom(0));
  const output = new Linear(cell.outputSize, numClasses, createRandom(1));
  const model: SequenceClassifier = {
    variables: variablesOf({ cell, output }),
    logits(images, pass) {
      const { outputs } = dynamicRnn(cell, images, pass);
      return output.call(outputs[outputs.length - 1]);
    },
  };
  const step = createTrainStep(model, { optimizer: sgd(), learningRate: 0.1, log: () => {} });
  const { loss } = await step(batch);
  assert.ok(Number.isFinite(loss), `the loss is ${loss}`);
  for (const [name, variable] of Object.entries(model.variables)) {
    assert.ok(variable.dataSync().every(Number.isFinite), `a weight of ${name} is not finite`);
  }
  step.dispose();
  tf.dispose({ ...model.variables });
  assert.equal(tf.memory().numTensors, before, 'tensors left over');
}

function create(nesting: Nesting): RNNCell {
  if (typeof nesting === 'string') return createCell(small(cells, nesting) as CellSettings, units);
  if ('layers' in nesting) return new MultiRNNCell(nesting.layers.map(create));
  const { wrapper, of } = nesting;
  if (wrapper === 'dropout') return new DropoutWrapper(create(of), { outputKeepProb: 0.5 });
  return wrapCell(small(wrappers, wrapper) as WrapperSettings, create(of));
}

/** The default settings of a kind, but no width above `units`. */
function small(exported: object, name: string): unknown {
  const { schema } = (kindsOf(exported) as Kind[]).find(kind => kind.name === name) as Kind;
  const defaults = Object.entries(schema.parse({ kind: name }));
  const fitted = defaults.map(([key, value]) => [
    key,
    typeof value === 'number' ? Math.min(value, units) : value,
  ]);
  return schema.parse(Object.fromEntries(fitted));
}
