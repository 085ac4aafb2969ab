/** The axes of parallel coordinates: where a value lies between 0 and 1, and which values have a number there. */
import { round, showValue } from '../../base/format';

export interface ParallelAxis {
  readonly name: string;
  /** 0 at the bottom, 1 at the top. */
  readonly placeOf: (value: unknown) => number;
  readonly ticks: readonly { readonly place: number; readonly text: string }[];
}

/** What a setting may be: one of some values, or a number from `min` to `max`. */
export type ParallelDimension =
  | { readonly kind: 'choice'; readonly values: readonly unknown[] }
  | { readonly kind: 'logUniform' | 'uniform' | 'integer'; readonly min: number; readonly max: number };

/** Most numbers at an axis. */
const mostTicks = 7;

export function settingAxis(name: string, dimension: ParallelDimension): ParallelAxis {
  if (dimension.kind !== 'choice') {
    const { kind, min, max } = dimension;
    const axis = numberAxis(name, min, max, kind === 'logUniform', String);
    return kind === 'integer' ? { ...axis, ticks: axis.ticks.filter(isWhole) } : axis;
  }
  const values = dimension.values.map(value => JSON.stringify(value));
  // Half a step of room at both ends: a category is no end of anything.
  const place = (i: number) => (i + 0.5) / values.length;
  return {
    name,
    placeOf: value => place(values.indexOf(JSON.stringify(value))),
    ticks: dimension.values.map((value, i) => ({ place: place(i), text: showValue(value) })),
  };
}

function isWhole({ text }: { text: string }): boolean {
  return Number.isInteger(Number(text));
}

/** @param errors 0..1; the axis is logarithmic unless one of them is 0 */
export function errorAxis(errors: readonly number[]): ParallelAxis {
  const [min, max] = [Math.min(1, ...errors), Math.max(0, ...errors)];
  const percent = (part: number) => `${round(part * 100)} %`;
  if (errors.length === 0) return numberAxis('test error', 0, 1, false, percent);
  if (min === max)
    return { name: 'test error', placeOf: () => 0.5, ticks: [{ place: 0.5, text: percent(min) }] };
  return numberAxis('test error', min, max, min > 0, percent);
}

function numberAxis(
  name: string,
  min: number,
  max: number,
  log: boolean,
  write: (value: number) => string,
): ParallelAxis {
  const scale = log ? Math.log : (value: number) => value;
  const placeOf = (value: unknown) => (scale(Number(value)) - scale(min)) / (scale(max) - scale(min));
  const hasEnds = [min, max].every(end => typeof end === 'number' && Number.isFinite(scale(end)));
  const values = !hasEnds ? [] : log ? logValues(min, max) : evenValues(min, max);
  return { name, placeOf, ticks: values.map(value => ({ place: placeOf(value), text: write(value) })) };
}

/** Powers of ten, with 2 and 5 times them where there is room; even steps in a range too narrow for both. */
function logValues(min: number, max: number): number[] {
  const first = Math.floor(Math.log10(min));
  const powers = Array.from({ length: Math.ceil(Math.log10(max)) - first + 1 }, (_, i) => first + i);
  const inside = (digits: number[]) =>
    powers
      .flatMap(power => digits.map(digit => Number(`${digit}e${power}`)))
      .filter(value => value >= min && value <= max);
  const many = inside([1, 2, 5]);
  if (many.length < 3) return evenValues(min, max);
  return many.length <= mostTicks ? many : inside([1]);
}

function evenValues(min: number, max: number): number[] {
  const size = 10 ** Math.floor(Math.log10((max - min) / mostTicks));
  const step = [1, 2, 5, 10, 20].map(part => part * size).find(part => (max - min) / part <= mostTicks - 1);
  if (step === undefined) return [min, max];
  const exact = (value: number) => Number(value.toPrecision(10)); // 2.28 / 0.01 is a little less than 228
  const first = Math.ceil(exact(min / step));
  const last = Math.floor(exact(max / step));
  return Array.from({ length: last - first + 1 }, (_, i) => exact((first + i) * step));
}
