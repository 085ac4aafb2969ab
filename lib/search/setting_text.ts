/** Settings and errors in words, for tables, lines and charts. */
import { round } from '../charts/series';
import { fixed, textOf } from '../text';
import type { Sample } from './space';

/** `0.00342`, `gru`, `lstm, peepholes true` */
export function showValue(value: unknown): string {
  if (typeof value === 'number') return String(round(value));
  if (typeof value !== 'object' || value === null) return textOf(value);
  const { kind, ...others } = value as { kind?: unknown } & Record<string, unknown>;
  const rest = Object.entries(others).map(([name, other]) => `${name} ${showValue(other)}`);
  return [...(kind === undefined ? [] : [showValue(kind)]), ...rest].join(', ');
}

/** `learningRate 0.00342, cell gru` */
export function showSettings(settings: Sample): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name} ${showValue(value)}`)
    .join(', ');
}

export function percent(part: number | undefined): string {
  return part === undefined ? '' : `${fixed(part * 100, 2)} %`;
}
