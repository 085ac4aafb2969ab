/** An array that JavaScript makes while it is traced, as it depends on the sizes that are not known before a call. */
import type { Values } from '../../tfjs/node_backend';
import { evaluate, isConstant, isEqual, type Fitter, type Formula } from './formula';
import { isSameValues } from '../trace/story';

export type Template =
  | { readonly kind: 'same'; readonly values: Values }
  /** Always of the same length; `formulas` in order. */
  | { readonly kind: 'elements'; readonly formulas: readonly Formula[]; readonly like: Numbers }
  /** One number over and over: tf.ones, tf.zeros. */
  | {
      readonly kind: 'filled';
      readonly length: Formula;
      readonly value: Formula;
      readonly like: Numbers;
    }
  /** start, start + step, …: tf.range. */
  | {
      readonly kind: 'range';
      readonly length: Formula;
      readonly start: number;
      readonly step: number;
      readonly like: Numbers;
    };

type Numbers = Float32Array | Int32Array | Uint8Array;

/** @param arrays the same one at each of the fitter's points @returns undefined if it does not follow any rule */
export function fitTemplate(arrays: readonly Values[], fitter: Fitter): Template | undefined {
  const [first] = arrays;
  if (arrays.every(values => isSameValues(first, values))) return { kind: 'same', values: first };
  if (!arrays.every(isNumeric) || !isNumeric(first)) return undefined;
  const numbers = arrays;
  const isInteger = !(first instanceof Float32Array);
  if (numbers.every(({ length }) => length === first.length)) {
    const formulas = Array.from(first, (_, i) =>
      fitter.fit(
        numbers.map(values => values[i]),
        isInteger,
      ),
    );
    return formulas.every(isFound) ? { kind: 'elements', formulas, like: first } : undefined;
  }
  const length = fitter.fit(numbers.map(values => values.length));
  if (!length || numbers.some(values => values.length === 0)) return undefined;
  if (numbers.every(values => values.every(each => Object.is(each, values[0])))) {
    const value = fitter.fit(
      numbers.map(values => values[0]),
      isInteger,
    );
    return value && { kind: 'filled', length, value, like: first };
  }
  const [start, next] = first;
  const step = next - start;
  const isRange = numbers.every(values => values.every((each, i) => each === start + i * step));
  return isRange ? { kind: 'range', length, start, step, like: first } : undefined;
}

/** The array as it is at these sizes. */
export function fillIn(template: Template, sizes: readonly number[]): Values {
  if (template.kind === 'same') return template.values;
  const make = template.like.constructor as new (length: number) => Numbers;
  if (template.kind === 'elements') {
    const values = new make(template.formulas.length);
    template.formulas.forEach((formula, i) => (values[i] = evaluate(formula, sizes)));
    return values;
  }
  const values = new make(Math.max(0, evaluate(template.length, sizes)));
  if (template.kind === 'filled') return values.fill(evaluate(template.value, sizes));
  const { start, step } = template;
  return values.map((_, i) => start + i * step);
}

/** How many numbers an array has whose length depends on a size; 0 for others. */
export const lengthAt = (template: Template, sizes: readonly number[]): number =>
  'length' in template ? evaluate(template.length, sizes) : 0;

/** Whether an array is what the template says, but for rounding. */
export function agrees(expected: Values, found: Values): boolean {
  if (isSameValues(expected, found)) return true;
  if (!isNumeric(expected) || !isNumeric(found) || expected.length !== found.length) return false;
  const isInteger = !(expected instanceof Float32Array);
  return expected.every((value, i) => isEqual(value, found[i], isInteger));
}

export const isSame = (template: Template): boolean =>
  template.kind === 'same' || (template.kind === 'elements' && template.formulas.every(isConstant));

const isNumeric = (values: Values): values is Numbers => ArrayBuffer.isView(values);
const isFound = (formula: Formula | undefined): formula is Formula => formula !== undefined;
