/**
 * The inputs of this session, for `history_request`. They are kept in memory: a new kernel starts with no history.
 * Source: jupyter-client.readthedocs.io, "Messaging in Jupyter", History.
 */
import type { Content } from './jupyter/message';

interface Entry {
  /** The cell's execution count. */
  line: number;
  input: string;
  /** Its result as text; null without one. */
  output: string | null;
}

/** Sessions count from 1, and no earlier one is kept. */
const currentSession = 1;

export class History {
  private readonly entries: Entry[] = [];

  /** @param line the cell's execution count */
  add(line: number, input: string): void {
    this.entries.push({ line, input, output: null });
  }

  /** The result of the cell that was added last. */
  setOutput(output: string): void {
    this.entries[this.entries.length - 1].output = output;
  }

  /** @returns the content of the history_reply */
  answer(request: Content): Content {
    const history = this.select(request).map(({ line, input, output }) => [
      currentSession,
      line,
      request.output === true ? [input, output] : input,
    ]);
    return { status: 'ok', history };
  }

  private select(request: Content): Entry[] {
    switch (request.hist_access_type) {
      case 'range':
        return this.range(request);
      case 'tail':
        return last(this.entries, request.n);
      case 'search':
        return this.search(request);
      default:
        return [];
    }
  }

  /** `session`: zero and below count back from the current one. `start` and `stop`: negative ones count from the end. */
  private range({ session, start, stop }: Content): Entry[] {
    const wanted = toInteger(session) ?? 0;
    if ((wanted > 0 ? wanted : currentSession + wanted) !== currentSession) return [];
    const end = (this.entries[this.entries.length - 1]?.line ?? 0) + 1;
    const fromEnd = (line: number) => (line < 0 ? line + end : line);
    const first = fromEnd(toInteger(start) ?? 0);
    const beyond = fromEnd(toInteger(stop) ?? end);
    return this.entries.filter(({ line }) => line >= first && line < beyond);
  }

  /** The last `n` inputs that match the pattern; with `unique` each text once, where it was run last. */
  private search({ pattern, unique, n }: Content): Entry[] {
    const matcher = globToRegExp(typeof pattern === 'string' ? pattern : '*');
    const found = this.entries.filter(({ input }) => matcher.test(input));
    if (unique !== true) return last(found, n);
    const newest = new Map(found.map(entry => [entry.input, entry]));
    return last(
      found.filter(entry => newest.get(entry.input) === entry),
      n,
    );
  }
}

function last(entries: readonly Entry[], count: unknown): Entry[] {
  const wanted = toInteger(count) ?? entries.length;
  return wanted > 0 ? entries.slice(-wanted) : [];
}

/** Front ends leave out what they do not care for, or send null. */
function toInteger(value: unknown): number | undefined {
  return Number.isInteger(value) ? (value as number) : undefined;
}

/** A pattern for the whole text: `*` any characters, `?` one, `[a-z]` and `[^a-z]` one of a set. */
function globToRegExp(glob: string): RegExp {
  const source = glob.replace(
    /\[(\^?)(\]?[^\]]*)\]|[^]/gu,
    (character, negated: string | undefined, set: string | undefined) => {
      if (set) return `[${negated}${set.replace(/[\\\][]/g, '\\$&')}]`;
      return character === '*'
        ? '.*'
        : character === '?'
          ? '.'
          : character.replace(/[\\^$.|+()[\]{}]/, '\\$&');
    },
  );
  try {
    return new RegExp(`^${source}$`, 'su');
  } catch {
    return /(?!)/; // a range from back to front, `[z-a]`, which no character is in
  }
}
