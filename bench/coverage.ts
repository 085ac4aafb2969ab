/**
 * How often the 95 % intervals of `compareGroups` hold the true difference, by simulation where it is known:
 * `npx ts-node bench/coverage.ts [simulations]`. A network with seed s is wrong on image i where
 *
 *   a + hard_i + own_i + luck_s + noise > 0, each normal:
 *
 * how hard the image is for any network, for networks of this group, how unlucky the seed is, and the rest. So the error
 * rate of all seeds on all images is Φ(a / √(1 + sum of the variances)), and that on given images a mean of such terms.
 * The other methods are what is done without such an interval.
 */
import { createRandom, standardNormal, type Random } from '../lib/base/random';
import { normalCdf } from '../lib/base/statistics';
import { tableText } from '../lib/display/table';
import { crossedDifference, type ErrorTable } from '../lib/runs/groups/crossed_design';
import { pairedDifference } from '../lib/runs/mcnemar';

interface Scenario {
  readonly name: string;
  readonly seeds: readonly [number, number];
  /** Standard deviations. */
  readonly luck: number;
  readonly own: number;
}

const hard = 2;
/** About 2.5 % and 3 % errors. */
const levels = [-4.6, -4.4] as const;
const numImages = 1000;
const resamples = 200;

const scenarios: readonly Scenario[] = [2, 3, 5, 10].flatMap(count =>
  [
    { name: 'equal seeds', luck: 0.02, own: 0.7 },
    { name: 'unequal seeds', luck: 0.3, own: 0.7 },
    { name: 'unequal seeds, alike on images', luck: 0.3, own: 0.05 },
  ].map(({ name, ...deviations }) => ({ name, seeds: [count, count] as const, ...deviations })),
);
const unpaired: readonly Scenario[] = [
  { name: 'unequal seeds, unpaired', seeds: [3, 5], luck: 0.3, own: 0.7 },
  { name: 'unequal seeds, unpaired', seeds: [2, 10], luck: 0.3, own: 0.7 },
];

const methods = ['these images', 'new images', 'one seed', 'seeds as images', 'bootstrap of both'] as const;

function main(simulations: number): void {
  const rows = [...scenarios, ...unpaired].map(scenario => {
    const hits = new Map<string, number>(methods.map(method => [method, 0]));
    const random = createRandom(0).fork(JSON.stringify(scenario));
    for (let k = 0; k < simulations; k++) {
      for (const method of covered(scenario, random.fork(k))) hits.set(method, hits.get(method)! + 1);
    }
    const { name, seeds } = scenario;
    const shares = methods.map(method => `${((100 * hits.get(method)!) / simulations).toFixed(1)} %`);
    return [name, seeds.join(' and '), ...shares];
  });
  const right = (title: string) => ({ title, align: 'right' as const });
  console.log(tableText({ columns: [{ title: '' }, ...['seeds', ...methods].map(right)], rows }));
}

/** The methods whose interval holds the true difference, in one simulation. */
function covered({ seeds, luck, own }: Scenario, random: Random): (typeof methods)[number][] {
  const normal = () => standardNormal(random);
  const difficulty = Array.from({ length: numImages }, () => hard * normal());
  const groups = levels.map((level, g) => {
    const images = difficulty.map(value => level + value + own * normal());
    const table = Array.from({ length: seeds[g] }, () => {
      const unlucky = luck * normal();
      return Uint8Array.from(images, value => Number(value + unlucky > normal()));
    });
    const here =
      images.reduce((sum, value) => sum + normalCdf(value / Math.sqrt(1 + luck ** 2)), 0) / numImages;
    return { table, here, everywhere: normalCdf(level / Math.sqrt(1 + hard ** 2 + own ** 2 + luck ** 2)) };
  });
  const [first, second] = groups.map(({ table }) => table);
  const here = groups[1].here - groups[0].here;
  const everywhere = groups[1].everywhere - groups[0].everywhere;
  const { theseImages, newImages } = crossedDifference(first, second, seeds[0] === seeds[1]);
  const intervals = {
    'these images': { ...theseImages, truth: here },
    'new images': { ...newImages, truth: everywhere },
    'one seed': { ...pairedImages(first.slice(0, 1), second.slice(0, 1)), truth: everywhere },
    'seeds as images': { ...pairedImages(first, second), truth: everywhere },
    'bootstrap of both': { ...pigeonhole(first, second, random.fork('bootstrap')), truth: everywhere },
  };
  return methods.filter(method => {
    const { low, high, truth } = intervals[method];
    return truth >= low && truth <= high;
  });
}

/** Newcombe's interval, as if each test of each seed were an image of its own. */
function pairedImages(first: ErrorTable, second: ErrorTable) {
  const counts = { onlyFirstWrong: 0, onlySecondWrong: 0, bothWrong: 0, bothRight: 0 };
  first.slice(0, second.length).forEach((row, s) => {
    row.forEach((wrong, i) => {
      const other = second[s][i];
      counts[wrong ? (other ? 'bothWrong' : 'onlyFirstWrong') : other ? 'onlySecondWrong' : 'bothRight']++;
    });
  });
  return pairedDifference(counts);
}

/** Owen's: seeds and images drawn again, each for itself; the 2.5 % on both sides left out. */
function pigeonhole(first: ErrorTable, second: ErrorTable, random: Random) {
  const drawn = Array.from({ length: resamples }, () => {
    const images = Array.from({ length: numImages }, () => random.integer(numImages));
    const [a, b] = [first, second].map(table => {
      const rows = table.map(() => table[random.integer(table.length)]);
      const errors = rows.reduce((sum, row) => sum + images.reduce((part, i) => part + row[i], 0), 0);
      return errors / (rows.length * numImages);
    });
    return b - a;
  }).sort((a, b) => a - b);
  const cut = Math.round(0.025 * resamples);
  return { low: drawn[cut], high: drawn[resamples - 1 - cut] };
}

if (require.main === module) main(Number(process.argv[2] ?? 1000));
