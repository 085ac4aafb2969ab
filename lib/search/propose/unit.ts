/** Each range of a space as the interval from 0 to 1, in which methods that learn see it. */
import { between, type NumberRange } from '../space';

/**
 * Where in its range a value lies, 0..1: by its logarithm in a logUniform range. An integer lies in the middle of a cell
 * of its own, so that the ends are as likely as the others. Values outside the range are below 0 or above 1.
 */
export function toUnit({ kind, min, max }: NumberRange, value: number): number {
  switch (kind) {
    case 'logUniform':
      return Math.log(value / min) / Math.log(max / min);
    case 'uniform':
      return (value - min) / (max - min);
    case 'integer':
      return (value - min + 0.5) / (max - min + 1);
  }
}

/** The value at a place from 0 to 1. */
export function fromUnit(range: NumberRange, place: number): number {
  const { kind, min, max } = range;
  return kind === 'integer'
    ? Math.min(max, min + Math.floor(place * (max - min + 1)))
    : between(range, place);
}
