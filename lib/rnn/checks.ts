/** What a cell refuses before anything is computed, in the words of its own call. */
import { UserError } from '../base/errors';
import type { Random } from '../base/random';
import { tf } from '../tfjs/tensorflow';
import type { RNNCell, State, StateSize } from './cell';

/** What `checkStep` needs to know of a cell. */
type Checked = Pick<RNNCell, 'inputSize' | 'stateSize'>;

/**
 * Refuse inputs and a state that the cell has no time step for.
 * @param name how the error calls the cell
 * @param dtype of the inputs
 */
export function checkStep(
  name: string,
  { inputSize, stateSize }: Checked,
  inputs: unknown,
  state: unknown,
  dtype: tf.DataType = 'float32',
): void {
  const batch = checkInputs(name, inputSize, inputs, dtype);
  if (stateSize !== undefined) checkState(`${name}'s state`, stateSize, state, batch);
}

/** @returns the number of examples in the batch */
function checkInputs(name: string, inputSize: number | undefined, inputs: unknown, dtype: string): number {
  const wanted = `[batch, ${inputSize ?? 'features'}]`;
  const expected = `Expected ${name} to get inputs ${wanted}, ${dtype}`;
  if (!isTensor(inputs)) {
    throw new UserError(`${expected}, found ${describe(inputs)}: make it a tensor, tf.tensor2d(…)`);
  }
  const { rank, shape, isDisposed } = inputs;
  const found = `${expected}, found ${describe(inputs)}`;
  if (isDisposed) throw new UserError(`${found}: use it before it is disposed, or tf.keep it`);
  if (rank !== 2) {
    const advice = rank === 3 ? 'dynamicRnn(cell, inputs) reads a whole sequence' : 'reshape it';
    throw new UserError(`${found}: ${advice}`);
  }
  if (inputSize !== undefined && shape[1] !== inputSize) {
    throw new UserError(`${found}: build(${shape[1]}, random) makes a cell for inputs of that width`);
  }
  if (inputs.dtype !== dtype) throw new UserError(`${found}: tf.cast(inputs, '${dtype}') converts it`);
  return shape[0];
}

/** Refuse a state of another form, width, type or batch. @param what names it in the error */
export function checkState(what: string, size: StateSize, state: unknown, batch: number): void {
  if (typeof size === 'number') {
    const tensor = isTensor(state) ? state : undefined;
    const [rows, columns] = tensor?.rank === 2 && !tensor.isDisposed ? tensor.shape : [];
    if (rows === batch && columns === size && tensor?.dtype === 'float32') return;
    const advice =
      rows !== undefined && rows !== batch
        ? `the inputs are ${batch} examples, and each has a state of its own`
        : `cell.zeroState(${batch}) makes one`;
    throw new UserError(
      `Expected ${what} to be a tensor [${batch}, ${size}], float32, found ${describe(state)}: ${advice}`,
    );
  }
  const names = Object.keys(size); // a list has its indices for names
  const isTree = typeof state === 'object' && state !== null && !isTensor(state);
  const found = isTree && Array.isArray(state) === Array.isArray(size) ? Object.keys(state) : [];
  if (found.length !== names.length || !names.every(name => found.includes(name))) {
    const wanted = Array.isArray(size) ? `a list of ${names.length} states` : `{ ${names.join(', ')} }`;
    throw new UserError(
      `Expected ${what} to be ${wanted}, found ${describe(state)}: cell.zeroState(${batch}) makes one`,
    );
  }
  for (const name of names) {
    const path = Array.isArray(size) ? `${what}[${name}]` : `${what}.${name}`;
    checkState(
      path,
      (size as Record<string, StateSize>)[name],
      (state as Record<string, State>)[name],
      batch,
    );
  }
}

/** Refuse what is no cell. @param caller names in the error what it was given to */
export function checkCell(caller: string, cell: unknown): void {
  const { call, zeroState } = (cell ?? {}) as Partial<RNNCell>;
  if (typeof call === 'function' && typeof zeroState === 'function') return;
  const advice = typeof cell === 'function' ? 'make one, new GRUCell(200)' : 'it comes first';
  throw new UserError(`Expected ${caller} to get a cell, found ${describe(cell)}: ${advice}`);
}

/**
 * Refuse what no cell can be built with.
 * @returns the width of the inputs
 */
export function checkBuild(name: string, inputSize: number, random: Random): number {
  if (!Number.isSafeInteger(inputSize) || inputSize < 0) {
    throw new UserError(
      `Expected ${name}.build to get the number of features per time step, an integer, found ${describe(inputSize)}: ` +
        'for images read row by row it is their width, build(28, createRandom(0))',
    );
  }
  if (typeof (random as Random | undefined)?.fork !== 'function') {
    throw new UserError(
      `Expected ${name}.build to get random numbers for its weights, found ${describe(random)}: ` +
        `build(${inputSize}, createRandom(0))`,
    );
  }
  return inputSize;
}

/** Refuse a number that is none, or lies below the minimum. @param what names it in the error */
export function checkNumber(what: string, value: number, minimum = -Infinity): number {
  if (typeof value === 'number' && value >= minimum && value < Infinity) return value;
  const least = minimum === -Infinity ? '' : ` of at least ${minimum}`;
  throw new UserError(`Expected ${what} to be a number${least}, found ${describe(value)}`);
}

/** Refuse what is no integer of at least `minimum`. @param what names it in the error */
export function checkInteger(what: string, value: number, minimum: number, advice = ''): number {
  if (Number.isSafeInteger(value) && value >= minimum) return value;
  throw new UserError(
    `Expected ${what} to be an integer of at least ${minimum}, found ${describe(value)}${advice && `: ${advice}`}`,
  );
}

/** Refuse widths that no layer can have. */
export const checkUnits = (units: number, cellName: string): number =>
  checkInteger(`${cellName}'s number of units`, units, 1);

export const isTensor = (value: unknown): value is tf.Tensor => value instanceof tf.Tensor;

/** In words: `a tensor [2, 784], int32`. */
export function describe(value: unknown): string {
  if (isTensor(value)) {
    const { shape, dtype, isDisposed } = value;
    return `${isDisposed ? 'a disposed tensor' : 'a tensor'} [${shape.join(', ')}], ${dtype}`;
  }
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'string') return `'${value}'`;
  if (typeof value !== 'object' || value === null) return String(value);
  const { name = 'Object' } = (value.constructor as { name?: string } | undefined) ?? {};
  return name === 'Object' ? `{ ${Object.keys(value).join(', ')} }` : `an object of class ${name}`;
}
