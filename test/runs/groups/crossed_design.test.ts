/** The statistics of groups of seeds, against values that scipy 1.17.1 and a calculation by hand give. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { crossedDifference, type Interval } from '../../../lib/runs/groups/crossed_design';
import { holm, seedsNeeded } from '../../../lib/runs/groups/seeds_needed';
import { criticalT, twoSidedP } from '../../../lib/runs/groups/student';

const table = (...rows: string[]) => rows.map(row => Uint8Array.from(row, Number));
const close = (actual: number, expected: number, tolerance = 1e-9) =>
  assert.ok(
    Math.abs(actual - expected) <= tolerance * Math.max(1, Math.abs(expected)),
    `${actual}, not ${expected}`,
  );
const ends = ({ low, high }: Interval, expected: [number, number]) => {
  close(low, expected[0]);
  close(high, expected[1]);
};

test("Student's t has scipy's values, also for degrees of freedom that are no whole number", () => {
  // scipy.stats.t.sf(t, df) * 2 and .isf(p / 2, df)
  for (const [t, freedom, p] of [
    [2.776, 4, 0.05002277831997642],
    [0.1, 2.5, 0.9278065440624897],
    [12, 3.7, 0.000426787399381245],
    [5, 300, 9.769154730247779e-7],
    [0.001, 7, 0.9992300172449988],
  ]) {
    close(twoSidedP(t, freedom) / p, 1, 1e-9);
    close(criticalT(p, freedom), t, 1e-8);
  }
  close(criticalT(0.05, 1), 12.706204736174705);
  close(criticalT(0.05, Infinity), 1.959963984540054, 1e-5);
});

describe('two groups', () => {
  test('whose images all do alike differ by seeds alone: the paired t test', () => {
    const first = table('1000100010', '1000000010', '1100100000');
    const second = table('1000110010', '1001000011', '1110100100');
    const { difference, variances, theseImages, newImages } = crossedDifference(first, second, true);
    close(difference, 1 / 6); // errors 3, 2, 3 against 4, 4, 5 of 10
    close(variances.seeds, 0.01 / 9); // of differences 0.1, 0.2, 0.2: variance 0.01 / 3, of three seeds
    assert.equal(variances.images, 0); // the rest explains what differs between images
    close(theseImages.pValue, 0.03774955135062371); // scipy.stats.ttest_rel
    ends(theseImages, [0.023244909008351217, 0.31008842432498207]);
    assert.deepEqual(newImages, theseImages);
    // scipy.stats.ttest_ind(…, equal_var=False), of three seeds and two
    const unpaired = crossedDifference(first, second.slice(0, 2), false);
    close(unpaired.theseImages.pValue, 0.05719095841793661);
    ends(unpaired.theseImages, [-0.010088424324981998, 0.27675509099164874]);
  });

  test('whose seeds all do alike differ by images alone: the normal interval of paired images', () => {
    const { difference, theseImages, newImages } = crossedDifference(
      table('0000000000', '0000000000'),
      table('1100000000', '1100000000'),
      true,
    );
    close(difference, 0.2);
    // Variance of 1, 1, 0 … over images: (2 · 0.8² + 8 · 0.2²) / 9 = 0.17778, of their mean a tenth.
    close(newImages.standardError, Math.sqrt(0.16 / 9));
    close(newImages.low, 0.2 - 1.959963984540054 * Math.sqrt(0.16 / 9), 1e-5);
    assert.equal(newImages.degreesOfFreedom, Infinity);
    assert.deepEqual([theseImages.low, theseImages.high], [difference, difference]);
  });

  test('that differ by both have a wider interval for new images than for these', () => {
    const first = table('100000000000', '110000000000', '100000000001');
    const second = table('111110000000', '111100000100', '111101000001');
    const paired = crossedDifference(first, second, true);
    // numpy, by the definitions of the mean squares
    close(paired.variances.seeds, 0.0007716049382716046);
    close(paired.variances.images, 0.009259259259259255);
    close(paired.newImages.degreesOfFreedom, 338);
    ends(paired.newImages, [0.1085515078382425, 0.5025596032728686]);
    ends(paired.theseImages, [0.18603742417362606, 0.4250736869374851]);
    close(paired.newImages.pValue, 0.008163401865824408); // that of these images: scipy.stats.ttest_rel
    const unpaired = crossedDifference(first, second.slice(0, 2), false);
    close(unpaired.variances.degreesOfFreedom, 2);
    ends(unpaired.newImages, [0.06698528597058007, 0.4885702695849755]);
  });

  test('that do alike have no difference, and the other way round it is the negative one', () => {
    const same = table('1010', '0110');
    const { difference, newImages } = crossedDifference(same, same, true);
    assert.deepEqual([difference, newImages.pValue], [0, 1]);
    const other = table('1110', '0111');
    const [forward, back] = [crossedDifference(same, other, false), crossedDifference(other, same, false)];
    close(forward.difference, -back.difference);
    close(forward.newImages.low, -back.newImages.high);
  });
});

test('the seeds that would settle a difference, unless images keep it open', () => {
  const needed = (difference: number, images: number, seedVariances = [1e-4]) =>
    seedsNeeded(
      {
        ...{ difference, seedVariances, variances: { seeds: NaN, images, degreesOfFreedom: NaN } },
      },
      0.05,
    );
  // The smallest n with difference ≥ (t(0.975) + t(0.8)) · standard error, by scipy.
  assert.equal(needed(0.01, 0), 10);
  assert.equal(needed(-0.01, 5e-6), 15);
  assert.equal(needed(0.01, 2e-5), Infinity);
  assert.equal(needed(0, 0), Infinity);
  assert.ok(needed(0.01, 0, [5e-5, 5e-5]) < 10); // unpaired, of as much variance, with twice the degrees of freedom
});

test("Holm's correction multiplies the smallest by all, the next by one fewer, and never goes down", () => {
  assert.deepEqual(
    holm([0.01, 0.04, 0.03, 0.005]).map(p => Number(p.toFixed(12))),
    [0.03, 0.06, 0.06, 0.02],
  );
  assert.deepEqual(holm([0.6, 0.7]), [1, 1]);
});
