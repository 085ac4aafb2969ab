/** The trials of a search as a table: HTML in the colours of the page, or lines of text. */
import { clock, percent, showValue } from '../base/format';
import { escapeHtml, textOf } from '../base/text';
import { dimensionsOf, type Space } from '../search/space';
import type { SweepTrial } from '../search/sweep_file';

/** The trial with the lowest test error; the first of those that share it. */
export function bestTrial(trials: readonly SweepTrial[]): SweepTrial | undefined {
  const error = (trial?: SweepTrial) => trial?.bestTestError ?? Infinity;
  return trials.reduce<SweepTrial | undefined>((a, b) => (error(b) < error(a) ? b : a), undefined);
}

export function sweepHtml(space: Space, trials: readonly SweepTrial[]): string {
  const best = bestTrial(trials);
  const style = 'text-align: left; white-space: nowrap; padding: 2px 10px';
  const row = (tag: 'th' | 'td', cells: readonly string[], attributes = '') =>
    `<tr${attributes}>${cells.map(cell => `<${tag} style="${style}">${escapeHtml(cell)}</${tag}>`).join('')}</tr>`;
  const rows = trials.map(trial =>
    row('td', cellsOf(space, trial, best), trial === best ? ' style="font-weight: bold"' : ''),
  );
  const head = row('th', namesOf(space));
  return `<table><thead>${head}</thead><tbody>${rows.join('')}</tbody></table>`;
}

export function sweepText(space: Space, trials: readonly SweepTrial[]): string {
  const best = bestTrial(trials);
  const rows = [namesOf(space), ...trials.map(trial => cellsOf(space, trial, best))];
  const widths = rows[0].map((_, column) => Math.max(...rows.map(cells => cells[column].length)));
  return rows
    .map(cells =>
      cells
        .map((cell, column) => cell.padEnd(widths[column]))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function namesOf(space: Space): string[] {
  const names = dimensionsOf(space).map(([name]) => textOf(name));
  return ['trial', ...names, 'state', 'step', 'last test error', 'best', 'time'];
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
