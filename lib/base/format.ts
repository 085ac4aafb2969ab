/** Numbers and settings in words, for tables, lines and charts. */
import { fixed, textOf } from './text';

/**
 * Five significant digits are more than a screen can show, and keep a notebook's file small. Integers stay whole. What a
 * damaged file has in a number's place leaves a gap: Plotly would take a text for a category, and write it at the axis.
 */
export function round(value: number): number {
  if (typeof value !== 'number') return NaN;
  return Number.isInteger(value) ? value : Number(value.toPrecision(5));
}

/** `0.00342`, `gru`, `lstm, peepholes true` */
export function showValue(value: unknown): string {
  if (typeof value === 'number') return String(round(value));
  if (typeof value !== 'object' || value === null) return textOf(value);
  const { kind, ...others } = value as { kind?: unknown } & Record<string, unknown>;
  const rest = Object.entries(others).map(([name, other]) => `${name} ${showValue(other)}`);
  return [...(kind === undefined ? [] : [showValue(kind)]), ...rest].join(', ');
}

/** `learningRate 0.00342, cell gru` */
export function showSettings(settings: Readonly<Record<string, unknown>>): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name} ${showValue(value)}`)
    .join(', ');
}

/** `2.31 %`, of a fraction; empty for undefined. */
export function percent(fraction: number | undefined): string {
  return fraction === undefined ? '' : `${fixed(fraction * 100, 2)} %`;
}

/** `1:09` or `2:01:09`, of seconds */
export function clock(seconds: number): string {
  const whole = Math.round(seconds);
  const two = (value: number) => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}
