/** The trials of a search as a table. */
import { clock, percent, showValue } from '../base/format';
import { textOf } from '../base/text';
import { createTable, type Table } from '../display/table';
import { dimensionsOf, type Space } from '../search/space';
import type { SweepTrial } from '../search/sweep_file';

/** The trial with the lowest test error; the first of those that share it. */
export function bestTrial(trials: readonly SweepTrial[]): SweepTrial | undefined {
  const error = (trial?: SweepTrial) => trial?.bestTestError ?? Infinity;
  return trials.reduce<SweepTrial | undefined>((a, b) => (error(b) < error(a) ? b : a), undefined);
}

export function sweepTable(space: Space, trials: readonly SweepTrial[]): Table {
  const best = bestTrial(trials);
  const settings = dimensionsOf(space).map(([name]) => textOf(name));
  const titles = ['trial', ...settings, 'state', 'step', 'last test error', 'best', 'time'];
  return createTable({
    columns: titles.map(title => ({ title, oneLine: true })),
    rows: trials.map(trial => cellsOf(space, trial, best)),
    strong: best && trials.indexOf(best),
  });
}

function cellsOf(space: Space, trial: SweepTrial, best: SweepTrial | undefined): string[] {
  const { number, settings, state, reason, step, totalSteps, lastTestError, bestTestError, seconds } = trial;
  return [
    trial === best ? `${textOf(number)} ★` : textOf(number),
    ...dimensionsOf(space).map(([name]) => showValue(settings[name])),
    reason === undefined ? textOf(state) : `${textOf(state)}: ${shorten(reason)}`,
    totalSteps === undefined ? '' : `${textOf(step)} of ${textOf(totalSteps)}`,
    percent(lastTestError),
    percent(bestTestError),
    step > 0 ? clock(seconds) : '',
  ];
}

function shorten(reason: string): string {
  const line = textOf(typeof reason === 'string' ? reason.split('\n')[0] : reason);
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}
