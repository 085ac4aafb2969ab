import type { Matrix } from '../parts/matrix';

/** What is drawn of a layer of a replay. */
interface StripLayer {
  /** 0 for the lowest. */
  readonly layer: number;
  /** By name, `[step][unit]`. */
  readonly state: Readonly<Record<string, Matrix>>;
  readonly gates: Readonly<Record<string, Matrix>>;
}

/** More strips than that are left out: the cells of grids have dozens of gates. */
const mostStrips = 6;

/** What a layer shows as a strip of colours over time, with its title: its states, then its gates and candidates. */
export function stripsOf({ layer, state, gates }: StripLayer): { title: string; matrix: Matrix }[] {
  const titled = (traces: Readonly<Record<string, Matrix>>, titleOf: (name: string) => string) =>
    Object.entries(traces).map(([name, matrix]) => ({ title: titleOf(name), matrix }));
  const strips = [
    ...titled(state, name => `state ${name}, layer ${layer + 1}`),
    ...titled(gates, name => `gate or candidate ${name}`),
  ].slice(0, mostStrips);
  return strips.map(({ title, matrix }, i) => ({
    title: i === 0 ? `${title}: vermilion > 0, blue < 0` : title,
    matrix,
  }));
}
