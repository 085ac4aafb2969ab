/** Cells and wrappers against test/golden/reference: outputs, states and gradients. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { createCell, wrapCell } from '../../lib/model/model';
import { createRandom } from '../../lib/base/random';
import { range } from '../../lib/base/range';
import type { RNNCell, State } from '../../lib/rnn/cell';
import { inference, Pass } from '../../lib/rnn/pass';
import { parseHyperparameters, type HyperparametersInput } from '../../lib/model/hyperparameters';
import { tf } from '../../lib/tfjs/tensorflow';
import { assertClose } from '../support/assert_close';
import { assignAll, goldenCases, toTensor, type GoldenTensor } from '../support/golden';

type GoldenState = GoldenTensor | GoldenState[] | { [part: string]: GoldenState };

interface Case {
  cell: NonNullable<HyperparametersInput['cell']>;
  wrapper?: HyperparametersInput['wrapper'];
  units: number;
  /** int32 [2]: a training pass with this seed; without it the pass is for inference. */
  passSeed?: [number, number];
  weights: Record<string, GoldenTensor>;
  inputs: GoldenTensor;
  startState: GoldenState;
  outputs: GoldenTensor[];
  endState: GoldenState;
  outputWeights: GoldenTensor[];
  endWeights: GoldenState;
  gradients: { weights: Record<string, GoldenTensor>; inputs: GoldenTensor; startState: GoldenState };
}

const tolerance = 1e-5;
const folder = join(__dirname, '..', 'golden', 'reference');
const families = readdirSync(folder).filter(name => name.endsWith('.json'));

for (const family of families) {
  describe(`reference ${family}`, () => {
    for (const golden of goldenCases<Case>(`reference/${family.replace('.json', '')}`)) {
      const { cell, wrapper, inputs } = golden;
      const [batch, time, features] = inputs.shape;
      const settings = wrapper ? [wrapper, cell] : [cell];
      const name = settings.map(each => Object.values(each).join(' ')).join(', ');
      test(`${name}: ${batch} × ${time} × ${features} to ${golden.units}`, () => check(golden));
    }
  });
}

function check(golden: Case): void {
  const cell = buildCell(golden);
  assignAll(cell.variables, golden.weights);
  const inputs = toTensor<tf.Tensor3D>(golden.inputs);
  const start = golden.startState;
  const starts = leavesOf(start).map(leaf => toTensor<tf.Tensor2D>(leaf));
  const { outputs, endState } = unroll(cell, inputs, unflatten(start, starts), golden);
  outputs.forEach((output, t) =>
    assertClose(output, golden.outputs[t], scaled(golden.outputs[t]), `output ${t}`),
  );
  compareAll('end state', tensorsOf(endState), leavesOf(golden.endState));

  const loss = (x: tf.Tensor, ...state: tf.Tensor[]) => {
    const end = unroll(cell, x as tf.Tensor3D, unflatten(start, state as tf.Tensor2D[]), golden);
    const weights = [...golden.outputWeights, ...leavesOf(golden.endWeights)];
    const parts = [...end.outputs, ...tensorsOf(end.endState)];
    const unread = state.map(part => tf.mul(tf.sum(part), 0)); // tf.grads takes nothing that is never read
    return tf.addN([
      ...parts.map((part, i) => tf.sum(tf.mul(part, toTensor(weights[i])))),
      ...unread,
    ]) as tf.Scalar;
  };
  const [byInputs, ...byStart] = tf.grads(loss)([inputs, ...starts]);
  assertClose(byInputs, golden.gradients.inputs, scaled(golden.gradients.inputs), 'gradient by the inputs');
  compareAll('gradient by the start state', byStart, leavesOf(golden.gradients.startState));
  const { grads } = tf.variableGrads(() => loss(inputs, ...starts), Object.values(cell.variables));
  for (const [variable, expected] of Object.entries(golden.gradients.weights)) {
    assertClose(grads[cell.variables[variable].name], expected, scaled(expected), `gradient by ${variable}`);
  }
  tf.dispose({ ...cell.variables });
}

function buildCell({ cell, wrapper, units, inputs }: Case): RNNCell {
  const settings = parseHyperparameters({ cell, wrapper });
  const inner = createCell(settings.cell, units);
  const inputSize = inputs.shape[2];
  return wrapCell(settings.wrapper, inner).build(inputSize, createRandom(0));
}

function unroll(cell: RNNCell, inputs: tf.Tensor3D, state: State, { passSeed }: Case) {
  const pass = passSeed ? new Pass(tf.tensor1d(passSeed, 'int32')) : inference;
  let endState = state;
  const [batch, time, features] = inputs.shape;
  const outputs = range(time).map(t => {
    // Neither tf.unstack nor tf.split: their gradients fail for a single part.
    const x = tf.reshape<tf.Rank.R2>(tf.slice(inputs, [0, t, 0], [batch, 1, features]), [batch, features]);
    const step = cell.call(x, endState, pass);
    endState = step.state;
    return step.output;
  });
  return { outputs, endState };
}

/** Of numbers above 1 the tolerance is a part. */
const scaled = ({ values }: GoldenTensor) => tolerance * Math.max(1, ...values.map(Math.abs));

function compareAll(what: string, actual: readonly tf.Tensor[], expected: readonly GoldenTensor[]): void {
  assert.equal(actual.length, expected.length, what);
  actual.forEach((tensor, i) => assertClose(tensor, expected[i], scaled(expected[i]), `${what}, part ${i}`));
}

const isGolden = (state: GoldenState): state is GoldenTensor => 'values' in state && 'shape' in state;

function leavesOf(state: GoldenState): GoldenTensor[] {
  return isGolden(state) ? [state] : Object.values(state).flatMap(leavesOf);
}

function tensorsOf(state: State): tf.Tensor[] {
  return state instanceof tf.Tensor ? [state] : Object.values<State>(state).flatMap(tensorsOf);
}

/** The form of the golden state, with these tensors. */
function unflatten(form: GoldenState, tensors: readonly tf.Tensor2D[]): State {
  const left = [...tensors];
  const fill = (part: GoldenState): State => {
    if (isGolden(part)) return left.shift()!;
    if (Array.isArray(part)) return part.map(fill);
    return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, fill(value)]));
  };
  return fill(form);
}
