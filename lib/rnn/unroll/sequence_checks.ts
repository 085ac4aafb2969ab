/** What the functions that read a whole sequence refuse, in the words of their own call. */
import { UserError } from '../../base/errors';
import { mapTensors } from '../../tfjs/structure';
import { tf } from '../../tfjs/tensorflow';
import type { RNNCell, State, StateSize } from '../cell';
import { checkCell, checkState, describe, isTensor } from '../checks';
import type { Pass } from '../pass';

/**
 * The time steps of a sequence.
 * @param caller the function that the user called
 * @param inputs [batch, time, features], or a list with one [batch, features] for each time step
 * @throws UserError unless there is a time step, all are alike, and the cell was built for such features
 */
export function toSteps(caller: string, cell: RNNCell, inputs: unknown): tf.Tensor2D[] {
  checkCell(caller, cell);
  const features = cell.inputSize ?? 'features';
  const expected = `Expected ${caller} to get inputs [batch, time, ${features}], or a list of [batch, ${features}]`;
  const refuse = (found: string, advice: string): never => {
    throw new UserError(`${expected}, found ${found}: ${advice}`);
  };
  if (isTensor(inputs)) {
    if (inputs.isDisposed) refuse(describe(inputs), 'use it before it is disposed, or tf.keep it');
    if (inputs.rank !== 3) refuse(describe(inputs), adviceForRank(inputs));
    if (inputs.shape[1] === 0) refuse(describe(inputs), 'it has no time step to read');
    checkFeatures(inputs.shape[2] as number, cell, () => describe(inputs), refuse);
    return tf.unstack(inputs, 1) as tf.Tensor2D[];
  }
  if (!Array.isArray(inputs)) refuse(describe(inputs), 'tf.tensor3d(…) makes a tensor of numbers');
  const steps = inputs as unknown[];
  if (steps.length === 0) refuse('an empty list', 'it has no time step to read');
  steps.forEach((step, t) => {
    const found = () => `${describe(step)} at time step ${t}`;
    if (!isTensor(step) || step.isDisposed || step.rank !== 2)
      return refuse(found(), 'each is a tensor of one time step');
    const [batch] = (steps[0] as tf.Tensor2D).shape;
    if (step.shape[0] !== batch) refuse(found(), `the first time step has ${batch} examples`);
    checkFeatures(step.shape[1] as number, cell, found, refuse);
  });
  return steps as tf.Tensor2D[];
}

function adviceForRank({ rank, shape: [batch, width] }: tf.Tensor): string {
  if (rank !== 2) return 'reshape it';
  return `reshape it to [${batch}, time, features], time × features being ${width}, or expand it by a dimension`;
}

function checkFeatures(
  features: number,
  { inputSize }: RNNCell,
  found: () => string,
  refuse: (found: string, advice: string) => never,
): void {
  if (inputSize === undefined || features === inputSize) return;
  refuse(found(), `the cell was built for ${inputSize} features; build(${features}, random) makes it fit`);
}

/** Refuse what is no pass, such as a state in its place. */
export function checkPass(caller: string, pass: Pass): void {
  if (typeof (pass as Pass | null)?.training === 'boolean') return;
  throw new UserError(
    `Expected ${caller} to get a Pass after the inputs, found ${describe(pass)}: leave it out or give inference, or ` +
      'new Pass(seed) for training; a state comes after it',
  );
}

/** Refuse a state that the cell does not have for so many examples. */
export function checkStartState(caller: string, cell: RNNCell, state: State, batch: number): void {
  const size = cell.stateSize ?? sizeOfZeros(cell);
  checkState(`${caller}'s startState`, size, state, batch);
}

/** Of a cell that does not tell its stateSize. */
function sizeOfZeros(cell: RNNCell): StateSize {
  let size: StateSize = 0;
  tf.tidy(() => {
    size = mapTensors<tf.Tensor2D, number>(cell.zeroState(1), ({ shape }) => shape[1] ?? 0);
  });
  return size;
}

/**
 * The lengths as a tensor.
 * @param lengths [batch] int32, or a list of integers
 */
export function toLengths(
  caller: string,
  lengths: tf.Tensor1D | readonly number[],
  batch: number,
  numSteps: number,
): tf.Tensor1D {
  const expected = `Expected ${caller}'s sequenceLength to have one integer for each of ${batch} examples`;
  if (isTensor(lengths)) {
    const { rank, shape, dtype } = lengths;
    if (rank === 1 && shape[0] === batch && dtype === 'int32') return lengths;
    throw new UserError(`${expected}, [${batch}], int32, found ${describe(lengths)}`);
  }
  const list: unknown = lengths;
  if (!Array.isArray(list) || list.length !== batch) {
    throw new UserError(`${expected}, found ${describe(list)}`);
  }
  const wrong = lengths.findIndex(length => !Number.isInteger(length) || length < 0 || length > numSteps);
  if (wrong >= 0) {
    throw new UserError(
      `${expected}, from 0 to the ${numSteps} time steps there are, found ${describe(lengths[wrong])} at ${wrong}`,
    );
  }
  return tf.tensor1d([...lengths], 'int32');
}
