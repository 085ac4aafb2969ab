import { clock } from '../base/format';
import { lastStepOf } from '../base/history';
import { tableBundle, tableText, showTable, type Column, type Table } from '../display/table';
import { readable } from '../base/readable';
import { remedy } from '../base/remedy';
import { textOf } from '../base/text';
import { differingSettings } from '../runs/differences';
import { findRuns, type RunList, type RunOrder } from '../runs/list_runs';
import type { StoredRun } from '../runs/read_run';

/** Options of `listRuns`. */
export interface ListRunsOptions {
  /** Where the folders of runs stand. Default `runs` in the project. */
  directory?: string;
  /** Default 'bestTestError', the lowest first; 'started' and 'seconds' put the largest first. */
  sortBy?: RunOrder;
}

/**
 * Show the recorded runs as a table in the notebook, or print it: state, the settings in which they differ, errors,
 * steps and time. What is damaged, or cannot be read at all, is named below the table.
 * @returns what the table was made of
 *
 * @example
 * const { runs } = listRuns();
 * await train(resume(runs[0].folder, mnist));
 */
export function listRuns({ directory = 'runs', sortBy }: ListRunsOptions = {}): RunList {
  const list = readable(findRuns({ directory, sortBy }), {
    text: it => tableText(runsTable(it, directory)),
    line: ({ runs }) => `RunList(${runs.length})`,
    display: it => tableBundle(runsTable(it, directory)),
  });
  showTable(runsTable(list, directory), list);
  return list;
}

/** @param directory only for the line that says that nothing is there */
export function runsTable({ runs, unreadable }: RunList, directory = 'runs'): Table {
  const settings = differingSettings(runs);
  const advice = remedy({
    call: ': createRun(…) makes one',
    shell: ': npm run train makes one',
    program: '',
  });
  return {
    columns: [
      { title: 'run', oneLine: true },
      { title: 'state' },
      ...settings.map(({ name, values }) => ({ title: name, align: alignOf(values) })),
      { title: 'best test error (%)', align: 'right' },
      { title: 'last test error (%)', align: 'right' },
      { title: 'steps', align: 'right' },
      { title: 'time', align: 'right' },
    ],
    rows: runs.map((run, i) => [
      run.id,
      run.info.state,
      ...settings.map(({ values }) => values[i]),
      percent(run.bestTestError),
      percent(run.lastTestError),
      String(lastStepOf(run)),
      clock(run.seconds),
    ]),
    notes: [
      ...(runs.length === 0 ? [`No runs in ${directory}${advice}`] : []),
      ...runs.flatMap(notesOn),
      ...unreadable.map(({ id, reason }) => `${textOf(id)} cannot be read: ${textOf(reason)}`),
    ],
  };
}

/** `2.35`, of 0.0235 */
export function percent(errorRate: number | undefined): string {
  return errorRate === undefined ? '–' : (errorRate * 100).toFixed(2);
}

function notesOn(run: StoredRun): string[] {
  const { id, info } = run;
  const reason = info.state === 'broke off' && info.reason ? [`${id} broke off: ${textOf(info.reason)}`] : [];
  return [...reason, ...damageOf(run)];
}

export function damageOf({ id, problems }: Pick<StoredRun, 'id' | 'problems'>): string[] {
  return problems.map(problem => `${id} is damaged: ${textOf(problem)}`);
}

/** Numbers to the right. */
function alignOf(values: readonly string[]): Column['align'] {
  return values.every(value => !/\p{Letter}/u.test(value)) ? 'right' : 'left';
}
