/** The comparison of all cells that `npm run compare-cells` makes, as notebooks/results/cells.json has it. */
import { z } from 'zod';
import type { DeepReadonly } from '../base/deep_readonly';
import { percent } from '../base/format';
import { createTable, type Table } from '../display/table';
import { count, dateTime, fraction, plainText, seconds, settingName } from '../runs/schemas';

const timing = z.object({
  /** Of a training step: median of the rounds, and each round's own median, in milliseconds. */
  msPerStep: z.number(),
  rounds: z.array(z.number()),
  /** With the making of the graph. */
  firstStepSeconds: z.number(),
});

const cellResult = timing.partial().extend({
  label: plainText,
  family: plainText,
  settings: z.record(settingName, z.unknown()),
  units: count,
  parameters: count,
  /** By seed; one that failed has a reason instead of a test error. */
  tests: z.array(
    z.object({
      seed: count,
      testError: fraction.optional(),
      failure: z.string().optional(),
      seconds,
      made: z.string().optional(),
    }),
  ),
  /** Of the test errors; undefined without any. */
  median: fraction.optional(),
  range: z.tuple([fraction, fraction]).optional(),
});

const taskResult = z.object({
  name: plainText,
  title: plainText,
  settings: z.record(settingName, z.unknown()),
  seeds: count,
  cells: z.array(cellResult),
  /** What could not be made of its settings, and why. */
  leftOut: z.array(z.object({ label: plainText, reason: z.string() })),
});

/** What the file holds. */
export const cellResultsSchema = z.object({
  /** False while runs or times are missing. */
  complete: z.boolean(),
  when: dateTime,
  versions: z.object({ scanline: plainText, tensorflow: plainText, node: plainText }),
  commit: z.string().optional(),
  machine: z.object({ cpu: z.string(), cores: count }),
  examples: z.object({ train: count, test: count }),
  tasks: z.array(taskResult),
});

export type Timing = DeepReadonly<z.output<typeof timing>>;
/** Of one cell: size, time per step, and test errors by seed. */
export type CellResult = DeepReadonly<z.output<typeof cellResult>>;
/** Of all cells in one task. */
export type TaskResult = DeepReadonly<z.output<typeof taskResult>>;
/** What the comparison of all cells found. */
export type CellResults = DeepReadonly<z.output<typeof cellResultsSchema>>;

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
  const errors = [median, range[0], range[1]].map(error => percent(error).replace(' ', '\u00a0') || '–');
  return [
    label,
    `${units}`,
    parameters.toLocaleString('en'),
    milliseconds ?? '–',
    seconds === undefined ? '–' : `${seconds}\u00a0s`,
    ...errors,
  ];
}
