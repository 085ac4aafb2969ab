/** The comparison of all cells that `npm run compare-cells` makes, as notebooks/results/cells.json has it. */
import { createTable, type Table } from '../display/table';
import type { RunInfo } from '../runs/run_info';

export interface Timing {
  /** Of a training step: median of the rounds, and each round's own median, in milliseconds. */
  readonly msPerStep: number;
  readonly rounds: readonly number[];
  /** With the making of the graph. */
  readonly firstStepSeconds: number;
}

export interface CellResult extends Partial<Timing> {
  readonly label: string;
  readonly family: string;
  readonly settings: object;
  readonly units: number;
  readonly parameters: number;
  /** By seed; one that failed has a reason instead of a test error. */
  readonly tests: readonly {
    seed: number;
    testError?: number;
    failure?: string;
    seconds: number;
    made?: string;
  }[];
  /** Of the test errors; undefined without any. */
  readonly median?: number;
  readonly range?: readonly [lowest: number, highest: number];
}

export interface TaskResult {
  readonly name: string;
  readonly title: string;
  readonly settings: object;
  readonly seeds: number;
  readonly cells: readonly CellResult[];
  /** What could not be made of its settings, and why. */
  readonly leftOut: readonly { label: string; reason: string }[];
}

export interface CellResults {
  /** False while runs or times are missing. */
  readonly complete: boolean;
  readonly when: string;
  readonly versions: RunInfo['versions'];
  readonly commit?: string;
  readonly machine: { readonly cpu: string; readonly cores: number };
  readonly examples: { readonly train: number; readonly test: number };
  readonly tasks: readonly TaskResult[];
}

/** One line for each cell of which anything is known. Below the table: what is missing, and why. */
export function cellTable({ cells, seeds, leftOut }: Pick<TaskResult, 'cells' | 'seeds' | 'leftOut'>): Table {
  const known = cells.filter(({ msPerStep, tests }) => msPerStep !== undefined || tests.length > 0);
  const failures = known.flatMap(({ label, tests }) => {
    const failed = tests.filter(({ failure }) => failure !== undefined);
    const seeds = failed.map(({ seed }) => seed).join(', ');
    return failed
      .slice(0, 1)
      .map(
        ({ failure }) =>
          `${label}, ${failed.length > 1 ? 'seeds' : 'seed'} ${seeds}: ${failure?.split(';')[0]}`,
      );
  });
  const unfinished = cells.filter(({ tests }) => tests.length < seeds);
  const right = (title: string) => ({ title, align: 'right' as const });
  return createTable({
    columns: [{ title: 'cell' }, ...columns.map(right)],
    rows: known.map(cellRow),
    notes: [
      ...failures,
      ...unfinished.map(({ label, tests }) => `${label}: ${tests.length} of ${seeds} seeds yet`),
      ...leftOut.map(({ label, reason }) => `left out: ${label}: ${reason.split(';')[0]}`),
    ],
  });
}

const columns = [
  ...['units', 'parameters', 'ms per step', 'first step'],
  ...['test error, median', 'lowest', 'highest'],
];

function cellRow(cell: CellResult): string[] {
  const { label, units, parameters, msPerStep, firstStepSeconds, median, range = [] } = cell;
  const [milliseconds, seconds] = [msPerStep?.toFixed(1), firstStepSeconds?.toFixed(1)];
  const percent = (error?: number) => (error === undefined ? '–' : `${(100 * error).toFixed(2)}\u00a0%`);
  return [
    label,
    `${units}`,
    parameters.toLocaleString('en'),
    milliseconds ?? '–',
    seconds === undefined ? '–' : `${seconds}\u00a0s`,
    ...[median, range[0], range[1]].map(percent),
  ];
}
