import { digitGrid, type Digit, type Figure } from '../charts';
import { join } from 'node:path';
import { pathInProject, projectPath } from '../base/project';
import { runCurves, type RunCurvesOptions } from './run_curves';
import { lastStepOf } from '../base/history';
import { currentKernel } from '../display/kernel_api';
import { show } from '../display/show';
import { readable } from '../base/readable';
import { showTable, tableText, type Table } from '../display/table';
import { escapeHtml } from '../base/text';
import { compareRuns as compare, type PairComparison, type RunComparison } from '../runs/compare_runs';
import { moreSeeds } from '../runs/groups/group_verdict';
import { damageOf, percent } from './show_runs';

/** Most images of each kind that are shown. */
const imageLimit = 16;

/**
 * What differs between runs, and whether the first is better or worse than each other one by more than chance. That is
 * a statement on these trained networks and all images of this kind; the same settings with another seed may give
 * another result: `compareGroups` compares settings, by several seeds of each.
 * @param args at least two runs, their folders, or names of folders in `runs`, read anew from their files; and options
 * @throws UserError for fewer than two, for the same run twice, or if one cannot be read
 *
 * @example
 * await showComparison(compareRuns([tutorial, faster], { test: mnist.test }));
 */
export function compareRuns(...args: Parameters<typeof compare>): RunComparison {
  return readable(compare(...args), {
    text: it => tableText(comparisonTable(it)),
    line: it => `Comparison of ${it.names.join(', ')}`,
    display: it => showComparison(it),
  });
}

/**
 * Show a comparison: a table of the settings that differ and the errors, the curves of all runs in one chart, the
 * verdicts, and images that one of two runs gets right and the other wrong. Outside a notebook it prints the table and
 * the verdicts.
 */
export async function showComparison(
  comparison: RunComparison,
  options: RunCurvesOptions = {},
): Promise<void> {
  showTable(comparisonTable(comparison));
  if (!currentKernel()) return;
  await show(runCurves(comparison.runs, { fold: false, ...options }));
  for (const pair of comparison.pairs) {
    const { first, second, onlyFirstWrong, onlySecondWrong } = pair;
    await showImages(comparison, second, first, onlyFirstWrong);
    await showImages(comparison, first, second, onlySecondWrong);
  }
}

/** The settings that differ and the errors, with the verdicts below. */
export function comparisonTable({ runs, names, settings, pairs, leftOut }: RunComparison): Table {
  return {
    columns: [
      { title: 'run', oneLine: true },
      ...settings.map(({ name }) => ({ title: name })),
      { title: 'best test error (%)', align: 'right' },
      { title: 'last test error (%)', align: 'right' },
      { title: 'steps', align: 'right' },
    ],
    rows: runs.map((run, i) => [
      names[i],
      ...settings.map(({ values }) => values[i]),
      percent(run.bestTestError),
      percent(run.lastTestError),
      String(lastStepOf(run)),
    ]),
    notes: [
      ...pairs.map(({ verdict }) => verdict),
      ...cautions(pairs, runs),
      ...leftOut,
      ...runs.flatMap(damageOf),
    ],
  };
}

/** What the p values do not say. */
function cautions({ length }: readonly PairComparison[], runs: RunComparison['runs']): string[] {
  if (length === 0) return [];
  const others = moreSeeds(
    runs.map(({ folder, id }) => (folder === projectPath(join('runs', id)) ? id : pathInProject(folder))),
    5,
  );
  return [
    'Each verdict is on the networks as they were at their last test; with another seed it may be another one, for one ' +
      `seed proves little of the settings. ${others}`,
    ...(length > 1
      ? [`Of ${length} comparisons each may find a difference by chance once in twenty times`]
      : []),
  ];
}

/** The images that `right` gets right and `wrong` gets wrong, with the wrong answers. */
async function showImages(
  comparison: RunComparison,
  right: string,
  wrong: string,
  indices: readonly number[],
): Promise<void> {
  if (indices.length === 0) return;
  const shown = indices.slice(0, imageLimit);
  const part =
    shown.length < indices.length
      ? `the first ${shown.length} of ${indices.length} images`
      : shown.length === 1
        ? 'the one image'
        : `the ${shown.length} images`;
  const heading = `${part} that ${right} gets right and ${wrong} wrong, with the answers of ${wrong}`;
  const text = heading.charAt(0).toUpperCase() + heading.slice(1);
  currentKernel()?.display({ 'text/html': `<p>${escapeHtml(text)}</p>`, 'text/plain': text });
  await show(disagreementGrid(comparison, wrong, shown, text));
}

function disagreementGrid(
  { runs, names, test }: RunComparison,
  wrong: string,
  indices: readonly number[],
  description: string,
): Figure {
  const classes = runs[names.indexOf(wrong)].predictions!.classes;
  const digits: Digit[] = indices.map(index => ({ ...test!.example(index), prediction: classes[index] }));
  const figure = digitGrid(digits, { classNames: test!.classNames });
  return { ...figure, layout: { ...figure.layout, meta: { description } } };
}
