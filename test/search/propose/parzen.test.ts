import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createRandom } from '../../../lib/base/random';
import {
  choiceProbabilities,
  neighbourDeviations,
  ParzenEstimator,
} from '../../../lib/search/propose/parzen';

const places = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 30 });
const near = (found: number, expected: number, tolerance = 1e-6) =>
  assert.ok(Math.abs(found - expected) <= tolerance, `${found} instead of ${expected}`);

test('each Gaussian is as wide as its farther neighbour is away, and the ends are neighbours', () => {
  const deviations = neighbourDeviations([0.8, 0.3, 0.35]); // sorted: 0, 0.3, 0.35, 0.8, 1
  [0.45, 0.3, 0.45].forEach((expected, i) => near(deviations[i], expected));
  assert.deepEqual(neighbourDeviations([1]), [1]);
  assert.deepEqual(neighbourDeviations([]), []);
});

test('no Gaussian is narrower than one by the number of values, or a hundredth', () => {
  assert.deepEqual(neighbourDeviations([0.5, 0.5, 0.5]), [0.5, 0.25, 0.5]);
  const many = neighbourDeviations(Array.from({ length: 501 }, (_, i) => i / 500));
  assert.ok(many.every(deviation => deviation === 0.01));
});

test('the density is the mean of the prior and of Gaussians that are cut off at the ends', () => {
  assert.equal(new ParzenEstimator([]).density(0.3), 1);
  // One value at 0.5 with deviation 0.5: φ(0) / 0.5 / (Φ(1) - Φ(-1)) = 0.797885 / 0.682689 = 1.168738.
  near(new ParzenEstimator([0.5]).density(0.5), (1 + 1.168738) / 2);
  // At 0.9 with deviation 0.1, seen from 0.8: φ(1) / 0.1 / Φ(1) = 2.419707 / 0.841345 = 2.876000.
  near(new ParzenEstimator([0.9], [0.1]).density(0.8), (1 + 2.876) / 2);
});

test('its integral is 1, whatever the values', () => {
  const points = 2000;
  fc.assert(
    fc.property(places, values => {
      const estimator = new ParzenEstimator(values);
      const sum = Array.from({ length: points }, (_, i) => estimator.density((i + 0.5) / points));
      near(sum.reduce((a, b) => a + b, 0) / points, 1, 1e-4);
    }),
    { numRuns: 30 },
  );
});

test('what is drawn lies inside and follows the density', () => {
  const estimator = new ParzenEstimator([0.9, 0.95]);
  const random = createRandom(1);
  const drawn = Array.from({ length: 4000 }, () => estimator.sample(random));
  assert.ok(drawn.every(x => x >= 0 && x <= 1));
  const points = 1000;
  const expected = Array.from({ length: points }, (_, i) =>
    estimator.density(0.8 + (0.2 * (i + 0.5)) / points),
  );
  const share = drawn.filter(x => x >= 0.8).length / drawn.length;
  near(share, (0.2 * expected.reduce((a, b) => a + b, 0)) / points, 0.03); // four standard errors
});

test('a choice counts once more than it was made', () => {
  assert.deepEqual(choiceProbabilities([0, 0, 2], 3), [3 / 6, 1 / 6, 2 / 6]);
  assert.deepEqual(choiceProbabilities([], 2), [0.5, 0.5]);
});
