/** The option inputShapes: which sizes of the arguments may differ from call to call. */
import type { tf } from '../../tfjs/tensorflow';
import { CompileError } from '../compile_error';
import { mostUnknowns, type Unknowns } from './unknowns';

/**
 * For each tensor among the arguments, in order: its shape, null for a size that is left open. Default: its own.
 * Or `batch`: the first size of each tensor is left open.
 */
export type InputShapes = 'batch' | readonly InputShape[];

type InputShape = readonly (number | null)[] | undefined;

/** @throws CompileError if these are no shapes */
export function checkShapes(shapes: InputShapes | undefined): void {
  const isSize = (size: unknown) => size === null || (Number.isInteger(size) && Number(size) >= 0);
  const isShape = (shape: unknown) => shape === undefined || (Array.isArray(shape) && shape.every(isSize));
  if (shapes === undefined || shapes === 'batch' || (Array.isArray(shapes) && shapes.every(isShape))) return;
  throw new CompileError(
    `Expected a list of shapes as inputShapes, with null for a size that is left open, such as [[null, 28]], or 'batch'; found ` +
      JSON.stringify(shapes),
  );
}

/** The shapes with the sizes 0 and 1 that these tensors have in the place of what is left open. */
export function exactly(tensors: readonly tf.Tensor[], shapes: InputShapes): InputShapes {
  return tensors.map(({ shape }, i) =>
    shapeOf(shapes, i, shape)?.map((size, axis) => (size === null && shape[axis] < 2 ? shape[axis] : size)),
  );
}

const shapeOf = (shapes: InputShapes, place: number, own: readonly number[]): InputShape =>
  shapes === 'batch' ? own.map((size, axis) => (axis === 0 ? null : size)) : shapes[place];

/** Goes through the shapes of the tensors of a call. */
export class OpenShapes {
  private readonly axes: (number | undefined)[][] = [];
  /** By size. */
  private readonly numbers = new Map<number, number>();

  constructor(private readonly shapes: InputShapes) {}

  /** @returns the shape of the next tensor, with a letter for each unknown @throws CompileError if it is another one */
  add(shape: readonly number[]): (number | string)[] {
    const place = this.axes.length;
    const expected = shapeOf(this.shapes, place, shape);
    if (!expected) {
      this.axes.push([]);
      return [...shape];
    }
    if (
      expected.length !== shape.length ||
      !expected.every((size, i) => size === null || size === shape[i])
    ) {
      const show = (sizes: readonly (number | null)[]) => `[${sizes.map(String).join(', ')}]`;
      throw new CompileError(
        `Expected a tensor of shape ${show(expected)} as number ${place + 1} of the arguments, as inputShapes says, ` +
          `found one of shape ${show(shape)}`,
      );
    }
    const axes = shape.map((size, axis) => (expected[axis] === null ? this.numberOf(size) : undefined));
    this.axes.push(axes);
    return shape.map((size, axis) => {
      const unknown = axes[axis];
      return unknown === undefined ? size : 'abcdefgh'[unknown];
    });
  }

  get unknowns(): Unknowns | undefined {
    return this.numbers.size === 0 ? undefined : { axes: this.axes, sizes: [...this.numbers.keys()] };
  }

  private numberOf(size: number): number {
    const number = this.numbers.get(size) ?? this.numbers.size;
    if (number >= mostUnknowns) {
      throw new CompileError(
        `Expected at most ${mostUnknowns} different sizes that inputShapes leaves open, found ` +
          [...this.numbers.keys(), size].join(', '),
      );
    }
    this.numbers.set(size, number);
    return number;
  }
}
