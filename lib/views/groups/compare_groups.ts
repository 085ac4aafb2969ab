import { percent } from '../../base/format';
import { mean, variance } from '../../base/statistics';
import { readable } from '../../base/readable';
import { textOf } from '../../base/text';
import { currentKernel } from '../../display/kernel_api';
import { show } from '../../display/show';
import { showTable, tableText, type Table } from '../../display/table';
import { compareGroups as compare, type GroupComparison } from '../../runs/groups/compare_groups';
import { runCurves, type RunCurvesOptions } from '../run_curves';

/**
 * Whether the first of several groups of seeds is better or worse than each other one by more than chance: chance of the
 * seeds, and chance of the test images, which all runs share. Each verdict has two 95 % intervals, one for other seeds and
 * other images, one for other seeds on these images; several comparisons are corrected by Holm's method. The raw weights
 * are compared, also where a run has averaged ones.
 * @param args at least two groups, by their names or as lists of their runs; and options, with the test images. Groups with
 * the same seeds are compared seed by seed
 * @throws UserError for fewer than two groups, one with fewer than two usable seeds, or one whose runs differ in more than
 * the seed
 *
 * @example
 * await showGroupComparison(compareGroups(['post', 'better'], { test: mnist.test }));
 */
export function compareGroups(...args: Parameters<typeof compare>): GroupComparison {
  return readable(compare(...args), {
    text: it => tableText(groupsTable(it)),
    line: it => `Comparison of ${it.groups.map(({ name }) => name).join(', ')}`,
    display: it => showGroupComparison(it),
  });
}

/** Show a comparison of groups: their errors with the verdicts below, and each group's curves as a median in a band. */
export async function showGroupComparison(
  comparison: GroupComparison,
  options: RunCurvesOptions = {},
): Promise<void> {
  showTable(groupsTable(comparison));
  if (!currentKernel()) return;
  const runs = comparison.groups.flatMap(({ name, runs }) => runs.map(run => ({ ...run, group: name })));
  await show(runCurves(runs, options));
}

/** The settings that differ and the errors, with the verdicts below. */
export function groupsTable({ groups, settings, pairs, leftOut }: GroupComparison): Table {
  const right = (title: string) => ({ title, align: 'right' as const });
  return {
    columns: [
      { title: 'group', oneLine: true },
      ...settings.map(({ name }) => ({ title: name })),
      ...['seeds', 'test error, mean', 'standard deviation', 'lowest', 'highest'].map(right),
    ],
    rows: groups.map(({ name, seeds, errors }, i) => [
      textOf(name),
      ...settings.map(({ values }) => values[i]),
      String(seeds.length),
      ...[mean(errors), Math.sqrt(variance(errors)), Math.min(...errors), Math.max(...errors)].map(percent),
    ]),
    notes: [...pairs.map(({ verdict }) => verdict), ...leftOut.map(textOf)],
  };
}
