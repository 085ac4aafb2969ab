import { percent } from '../../lib/base/format';
import { median } from '../../lib/base/statistics';
import type { Table } from '../../lib/display/table';
import { mcnemarTest } from '../../lib/runs/mcnemar';
import type { RecipeResult, Results } from './results';

/** A line for each recipe, and for each step that was left out how much that costs. */
export function recipeTable({ recipes, ablations }: Results): Table {
  const titles = [
    'recipe',
    'seeds',
    'validation error',
    'test error',
    'from',
    'to',
    'time',
    'of the post',
    'cost of leaving it out',
  ];
  const full = recipes.quick;
  return {
    columns: titles.map((title, i) => ({ title, align: i === 0 ? 'left' : 'right' })),
    rows: [
      ...Object.values(recipes).map(recipe => line(recipe, recipes.post)),
      ...Object.values(ablations).map(ablation => [
        ...line(ablation, recipes.post),
        full ? costOf(ablation, full) : '',
      ]),
    ],
    notes: ['medians over the seeds; p: exact McNemar test over the images, all seeds of both together'],
  };
}

function line({ title, seeds }: RecipeResult, post?: RecipeResult): string[] {
  const tests = seeds.map(({ testError }) => testError);
  const ratios = seeds.flatMap(({ seed, seconds }) => {
    const other = post?.seeds.find(each => each.seed === seed);
    return other ? [seconds / other.seconds] : [];
  });
  return [
    title,
    String(seeds.length),
    percent(median(seeds.map(({ validationError }) => validationError))),
    ...[median(tests), Math.min(...tests), Math.max(...tests)].map(error => percent(error)),
    `${Math.round(median(seeds.map(({ seconds }) => seconds)))} s`,
    ratios.length > 0 ? `${median(ratios).toFixed(2)} ×` : '',
  ];
}

/** @returns how much higher the test error is without the step, and whether that is more than chance */
function costOf(without: RecipeResult, full: RecipeResult): string {
  let [onlyWithout, onlyFull, images] = [0, 0, 0];
  for (const { seed, wrong, testImages } of without.seeds) {
    const other = full.seeds.find(each => each.seed === seed);
    if (!other) continue;
    const [here, there] = [new Set(wrong), new Set(other.wrong)];
    onlyWithout += wrong.filter(image => !there.has(image)).length;
    onlyFull += other.wrong.filter(image => !here.has(image)).length;
    images += testImages;
  }
  if (images === 0) return '';
  const points = (100 * (onlyWithout - onlyFull)) / images;
  return `${points < 0 ? '−' : '+'}${Math.abs(points).toFixed(2)}, p = ${mcnemarTest(onlyWithout, onlyFull).toPrecision(1)}`;
}
