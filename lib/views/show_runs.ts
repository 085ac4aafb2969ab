import { clock } from '../base/format';
import { lastStepOf } from '../base/history';
import { median } from '../base/statistics';
import { tableBundle, tableText, showTable, type Column, type Table } from '../display/table';
import { readable } from '../base/readable';
import { remedy } from '../base/remedy';
import { textOf } from '../base/text';
import { differingSettings } from '../runs/differences';
import { foldRuns, summarize, type FoldedRuns } from '../runs/groups/fold';
import { findRuns, type FindRunsOptions, type RunList, type RunOrder } from '../runs/list_runs';
import type { StoredRun } from '../runs/read_run';

/** Options of `listRuns`. */
export interface ListRunsOptions extends FindRunsOptions {
  /** Show the runs of a group as one row. Default: all groups but the one that was asked for. */
  fold?: boolean;
}

/**
 * Show the recorded runs as a table in the notebook, or print it: state, the settings in which they differ, errors,
 * steps and time. A group is one row, with the median of its errors. Notes, what is damaged, and what cannot be read at
 * all stand below the table.
 * @returns what the table was made of, run by run
 *
 * @example
 * const { runs } = listRuns();
 * await train(resume(runs[0].folder, mnist));
 */
export function listRuns({ directory = 'runs', fold, ...options }: ListRunsOptions = {}): RunList {
  const table = (list: RunList) =>
    runsTable(list, { directory, fold: fold ?? options.group === undefined, sortBy: options.sortBy });
  const list = readable(findRuns({ directory, ...options }), {
    text: it => tableText(table(it)),
    line: ({ runs }) => `RunList(${runs.length})`,
    display: it => tableBundle(table(it)),
  });
  showTable(table(list), list);
  return list;
}

/** @param options.directory only for the line that says that nothing is there */
export function runsTable(
  { runs, unreadable }: RunList,
  { directory = 'runs', fold = true, sortBy }: Pick<ListRunsOptions, 'directory' | 'fold' | 'sortBy'> = {},
): Table {
  const settings = differingSettings(runs);
  const items: FoldedRuns<StoredRun>[] = fold
    ? sortFolded(foldRuns(runs), sortBy)
    : runs.map(run => ({ runs: [run] }));
  const tagged = runs.some(({ tags }) => tags.length > 0);
  const advice = remedy({
    call: ': createRun(…) makes one',
    shell: ': npm run train makes one',
    program: '',
  });
  return {
    columns: [
      { title: 'run', oneLine: true },
      { title: 'state' },
      ...(tagged ? [{ title: 'tags' }] : []),
      ...settings.map(({ name, values }) => ({ title: name, align: alignOf(values) })),
      { title: 'best test error (%)', align: 'right' },
      { title: 'last test error (%)', align: 'right' },
      { title: 'steps', align: 'right' },
      { title: 'time', align: 'right' },
    ],
    rows: items.map(item => {
      const valuesOf = (values: readonly string[]) => item.runs.map(run => values[runs.indexOf(run)]);
      return [
        item.group === undefined ? item.runs[0].id : `${textOf(item.group)} (${item.runs.length} runs)`,
        countStates(item.runs),
        ...(tagged ? [[...new Set(item.runs.flatMap(({ tags }) => tags))].map(textOf).join(', ')] : []),
        ...settings.map(({ values }) => summarize(valuesOf(values))),
        middle(item.runs.map(({ bestTestError }) => bestTestError)),
        middle(item.runs.map(({ lastTestError }) => lastTestError)),
        summarize(item.runs.map(run => String(lastStepOf(run)))),
        clock(secondsOf(item)),
      ];
    }),
    notes: [
      ...(runs.length === 0 ? [`No runs in ${directory}${advice}`] : []),
      ...(items.length < runs.length ? [foldedNote()] : []),
      ...runs.flatMap(notesOn),
      ...unreadable.map(({ id, reason }) => `${textOf(id)} cannot be read: ${textOf(reason)}`),
    ],
  };
}

const foldedNote = () =>
  'Errors of a group are its median, with the lowest and the highest in brackets, the time is that of all its runs; ' +
  remedy({
    call: "listRuns({ group: '…' }) lists the runs of one",
    shell: "npm run runs -- --group '<name>' lists the runs of one",
  });

/** `finished`, or `4 finished, 1 running` */
function countStates(runs: readonly StoredRun[]): string {
  const states = runs.map(({ info }) => info.state);
  const different = [...new Set(states)];
  if (different.length === 1) return states[0];
  return different
    .map(state => `${states.filter(other => other === state).length} ${textOf(state)}`)
    .join(', ');
}

/** `2.35`, or of several `2.35 (2.20–2.51)` */
function middle(errors: readonly (number | undefined)[]): string {
  const known = errors.filter(error => error !== undefined);
  if (known.length < 2) return percent(known[0]);
  const [low, high] = [Math.min(...known), Math.max(...known)];
  return `${percent(median(known))} (${percent(low)}–${percent(high)})`;
}

const secondsOf = ({ runs }: FoldedRuns<StoredRun>) => runs.reduce((sum, { seconds }) => sum + seconds, 0);

/** A group stands where its median does, or its first run where it is sorted by their start. */
function sortFolded(
  items: FoldedRuns<StoredRun>[],
  sortBy: RunOrder = 'bestTestError',
): FoldedRuns<StoredRun>[] {
  if (sortBy === 'started') return items;
  const keyOf = (item: FoldedRuns<StoredRun>) => {
    if (sortBy === 'seconds') return -secondsOf(item);
    const known = item.runs.map(run => run[sortBy]).filter(error => error !== undefined);
    return known.length > 0 ? median(known) : Infinity;
  };
  const keys = new Map(items.map(item => [item, keyOf(item)]));
  return items.sort((a, b) => (keys.get(a) === keys.get(b) ? 0 : keys.get(a)! - keys.get(b)!));
}

/** `2.35`, of 0.0235 */
export function percent(errorRate: number | undefined): string {
  return errorRate === undefined ? '–' : (errorRate * 100).toFixed(2);
}

function notesOn(run: StoredRun): string[] {
  const { id, info, note } = run;
  const noted = note === undefined ? [] : [`${id}: ${textOf(note)}`];
  const reason = info.state === 'broke off' && info.reason ? [`${id} broke off: ${textOf(info.reason)}`] : [];
  return [...noted, ...reason, ...damageOf(run)];
}

export function damageOf({ id, problems }: Pick<StoredRun, 'id' | 'problems'>): string[] {
  return problems.map(problem => `${id} is damaged: ${textOf(problem)}`);
}

/** Numbers to the right. */
function alignOf(values: readonly string[]): Column['align'] {
  return values.every(value => !/\p{Letter}/u.test(value)) ? 'right' : 'left';
}
