/** Which operations, and which lines, a compiled function spends its time and memory on. */
import { relative } from 'node:path';
import { inspect } from 'node:util';
import type { Cost, Measurement } from './measure';

/** Of all operations of a kind, or of a line. */
export interface ProfileEntry {
  /** The operation of TensorFlow, or the line: `/home/me/model.ts:12:5`. */
  readonly name: string;
  /** How often one is run in a call. */
  readonly count: number;
  /** Together in a call. */
  readonly milliseconds: number;
  /** Of all that they give in a call; most of it is freed before the end. */
  readonly bytes: number;
}

export interface Profile {
  readonly name: string;
  /** A call of the graph, but for what is copied into it and assigned after it. */
  readonly graphMilliseconds: number;
  /** Its operations, one after the other: more than the graph takes, which runs them side by side and joins some. */
  readonly operationMilliseconds: number;
  /** The most that is held at once when they are run in order, besides arguments, variables and constants. */
  readonly peakBytes: number;
  /** The slowest first. What a scan does besides its steps is the operation `Scan`. */
  readonly operations: readonly ProfileEntry[];
  /** The slowest first. Operations of a gradient are at the line that asks for it, such as that of `minimize`. */
  readonly lines: readonly ProfileEntry[];
}

const elsewhere = 'elsewhere';

/** @param places of operations, by their names */
export function makeProfile(
  name: string,
  { graphSeconds, costs, peakBytes }: Measurement,
  places: ReadonlyMap<string, string>,
): Profile {
  const placeOf = (nodeName: string) => {
    // What was made in place of others is named by one of them: BatchMatMulV2_12_stack.
    const recorded = /^[^_]+_\d+/.exec(nodeName)?.[0] ?? nodeName;
    return places.get(nodeName) ?? places.get(recorded) ?? elsewhere;
  };
  const profile: Profile = {
    name,
    graphMilliseconds: 1000 * graphSeconds,
    operationMilliseconds: costs.reduce((sum, { seconds }) => sum + 1000 * seconds, 0),
    peakBytes,
    operations: group(costs, ({ operation }) => operation.op),
    lines: group(costs, ({ operation }) => placeOf(operation.name)),
  };
  return Object.defineProperty(profile, inspect.custom, { enumerable: false, value: () => toText(profile) });
}

function group(costs: readonly Cost[], nameOf: (cost: Cost) => string): ProfileEntry[] {
  const groups = new Map<string, { name: string; count: number; milliseconds: number; bytes: number }>();
  for (const cost of costs) {
    const name = nameOf(cost);
    const entry = groups.get(name) ?? { name, count: 0, milliseconds: 0, bytes: 0 };
    groups.set(name, entry);
    entry.count += cost.count;
    entry.milliseconds += 1000 * cost.seconds;
    entry.bytes += cost.bytes;
  }
  return [...groups.values()].sort((a, b) => b.milliseconds - a.milliseconds);
}

/** Of each table. */
const mostRows = 15;

function toText(profile: Profile): string {
  const { name, graphMilliseconds, operationMilliseconds, peakBytes, operations, lines } = profile;
  const head =
    `${name}: ${graphMilliseconds.toFixed(2)} ms a call as a graph, ${operationMilliseconds.toFixed(2)} ms ` +
    `operation by operation, at most ${size(peakBytes)} held at once`;
  const shorten = ({ name: place, ...rest }: ProfileEntry) => ({ ...rest, name: shortPlace(place) });
  return [
    head,
    ...table('line', lines.map(shorten), operationMilliseconds),
    ...table('operation', operations, operationMilliseconds),
  ].join('\n');
}

function table(title: string, entries: readonly ProfileEntry[], total: number): string[] {
  const row = ({ milliseconds, count, bytes, name }: ProfileEntry) => [
    `${milliseconds.toFixed(2)} ms`,
    `${((100 * milliseconds) / total).toFixed(0)} %`,
    String(count),
    size(bytes),
    name,
  ];
  const rows = [['time', 'share', 'runs', 'made', title], ...entries.slice(0, mostRows).map(row)];
  const widths = rows[0].map((_, i) => Math.max(...rows.map(cells => cells[i].length)));
  const written = rows.map(cells =>
    cells.map((cell, i) => (i < cells.length - 1 ? cell.padStart(widths[i]) : cell)).join('  '),
  );
  const left = entries.length - mostRows;
  return ['', ...written, ...(left > 0 ? [`… and ${left} more`] : [])];
}

const size = (bytes: number) =>
  bytes < 2 ** 20 ? `${(bytes / 2 ** 10).toFixed(1)} KiB` : `${(bytes / 2 ** 20).toFixed(1)} MiB`;

/** From the folder in which the program runs, if the file is within it. */
function shortPlace(place: string): string {
  const short = relative(process.cwd(), place);
  return place === elsewhere || short.startsWith('..') ? place : short;
}
