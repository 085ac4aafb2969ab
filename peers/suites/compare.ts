/** What became of the tests that pass operation by operation, once everything in them is compiled. */
import { known } from './known';
import type { Spec } from './specs';

export interface Rest {
  readonly name: string;
  readonly kind: 'refused' | 'identity' | 'defect';
  /** The failure's first line, or why it is no fault. */
  readonly reason: string;
}

export interface Comparison {
  readonly suite: string;
  readonly eager: number;
  readonly compiled: number;
  readonly rest: readonly Rest[];
}

export function compareRuns(
  suite: string,
  eager: ReadonlyMap<string, Spec>,
  compiled: ReadonlyMap<string, Spec>,
): Comparison {
  const passing = [...eager.values()].filter(({ status }) => status === 'passed');
  const rest = passing.flatMap(({ id, name }): Rest[] => {
    const spec = compiled.get(id);
    return spec?.status === 'passed' ? [] : [classify(name, spec)];
  });
  return { suite, eager: passing.length, compiled: passing.length - rest.length, rest };
}

function classify(name: string, spec: Spec | undefined): Rest {
  const messages = (spec?.failures ?? []).map(({ message }) => message);
  const [first = 'it did not run'] = messages;
  const reason = first.split('\n')[0].slice(0, 300);
  // Those of CompileError, also where a test has caught one and expected another.
  const isRefused = /CompileError|a function that compile can trace|Expected the backend "tensorflow"/.test(
    first,
  );
  if (isRefused) return { name, kind: 'refused', reason };
  const explanation = known.find(({ test }) => test.test(name))?.reason;
  return explanation === undefined
    ? { name, kind: 'defect', reason }
    : { name, kind: 'identity', reason: explanation };
}

/** How many there are of a kind. */
export const count = ({ rest }: Comparison, ...kinds: Rest['kind'][]) =>
  rest.filter(({ kind }) => kinds.includes(kind)).length;
