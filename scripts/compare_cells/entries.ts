/** What is known of the comparison's runs and times, and the results that they make. */
import { isDeepStrictEqual } from 'node:util';
import type { DataSets } from '../../lib/data';
import type { CellResult, TaskResult, Timing } from '../../lib/views/cell_results';
import { findRuns } from '../../lib/runs/list_runs';
import type { StoredRun } from '../../lib/runs/read_run';
import { failed, findTrained } from '../trained_runs';
import type { PlannedCell, PlannedTask } from './plan';
import { summary } from './results';

export type Test = CellResult['tests'][number];

/** One run of the comparison, done or not. */
export interface Entry {
  readonly task: PlannedTask;
  readonly cell: PlannedCell;
  readonly seed: number;
  test?: Test;
}

/** Every run: one seed of all cells after the other, so that a comparison that is ended early has all cells. */
export function findEntries(
  planned: readonly PlannedTask[],
  { seeds, runs: directory, retry }: { seeds: number; runs: string; retry?: boolean },
): Entry[] {
  const { runs } = findRuns({ directory });
  return planned.flatMap(task =>
    Array.from({ length: seeds }, (_, seed) => seed).flatMap(seed =>
      task.cells.map(cell => {
        const found = findTrained({ ...cell.hyperparameters, seed }, runs);
        return { task, cell, seed, test: found && testOf(seed, found, retry) };
      }),
    ),
  );
}

/** What is known of a run that has ended for good. */
export function testOf(seed: number, run: StoredRun, retry = false): Test | undefined {
  const { info, lastTestError: testError, seconds } = run;
  if (info.state === 'finished') return { seed, testError, seconds, made: info.ended };
  if (failed(run) && !retry) return { seed, failure: info.reason, seconds, made: info.ended };
  return undefined;
}

/** Times by cell, as they were measured before for the same network. */
export function timesOf(
  before: readonly TaskResult[],
  planned: readonly PlannedTask[],
): Map<PlannedCell, Timing> {
  const times = new Map<PlannedCell, Timing>();
  for (const { name, cells } of planned) {
    const known = before.find(task => task.name === name)?.cells ?? [];
    for (const cell of cells) {
      const { msPerStep, rounds, firstStepSeconds } =
        known.find(({ label, units, settings }) =>
          isDeepStrictEqual([label, units, settings], [cell.label, cell.units, cell.settings]),
        ) ?? {};
      if (msPerStep !== undefined && rounds && firstStepSeconds !== undefined) {
        times.set(cell, { msPerStep, rounds, firstStepSeconds });
      }
    }
  }
  return times;
}

export function resultsOf(
  planned: readonly PlannedTask[],
  entries: readonly Entry[],
  times: ReadonlyMap<PlannedCell, Timing>,
  { train, test }: DataSets,
  seeds: number,
) {
  const complete =
    entries.every(({ test }) => test) && planned.every(({ cells }) => cells.every(c => times.has(c)));
  const cellResult = (cell: PlannedCell): CellResult => {
    const tests = entries.flatMap(entry => (entry.cell === cell && entry.test ? [entry.test] : []));
    const { label, family, settings, units, parameters } = cell;
    return { label, family, settings, units, parameters, ...times.get(cell), tests, ...summary(tests) };
  };
  return {
    complete,
    examples: { train: train.numExamples, test: test.numExamples },
    tasks: planned.map(({ name, title, settings, cells, leftOut }) => ({
      ...{ name, title, seeds, leftOut },
      settings: { ...settings, epochs: cells[0]?.hyperparameters.epochs },
      cells: cells.map(cellResult),
    })),
  };
}
