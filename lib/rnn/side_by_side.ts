import type { Gates, State, Step } from './cell';

/** The states and gates of several cells' steps, as lists. A cell without gates has an empty record in its place. */
export function sideBySide<S extends State>(steps: readonly Step<S>[]): { state: S[]; gates: Gates } {
  return { state: steps.map(({ state }) => state), gates: steps.map(({ gates = {} }) => gates) };
}
