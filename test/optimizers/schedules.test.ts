import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import * as schedules from '../../lib/optimizers/schedules';
import type { Schedule } from '../../lib/optimizers/schedules';
import { parseHyperparameters, type HyperparametersInput } from '../../lib/model/hyperparameters';
import { make } from '../../lib/settings/kinds';
import { assertNumbersClose as close } from '../support/assert_close';

const scheduleOf = (schedule: HyperparametersInput['schedule'], warmupSteps = 0) => {
  const settings = parseHyperparameters({ schedule, warmupSteps });
  return make<Schedule, [number]>(schedules, settings.schedule, settings.warmupSteps);
};

test('without warm-up, constant and step leave the rate exactly as it is', () => {
  for (const kind of ['constant', 'step'] as const) {
    const schedule = scheduleOf({ kind });
    for (const made of [0, 1, 99, 1000]) assert.equal(schedule(made, 100), 1);
  }
});

test('warm-up rises linearly to the whole rate at its last step', () => {
  for (const kind of ['constant', 'step', 'cosine'] as const) {
    const schedule = scheduleOf({ kind }, 4);
    assert.deepEqual(
      [0, 1, 2, 3].map(made => schedule(made, 100)),
      [0.25, 0.5, 0.75, 1],
    );
  }
});

test('the cosine goes from the whole rate to zero at the end', () => {
  const schedule = scheduleOf({ kind: 'cosine' });
  close(
    [0, 1, 2, 5, 9, 10].map(made => schedule(made, 10)),
    [1, 0.9755282581, 0.9045084972, 0.5, 0.0244717419, 0],
    1e-9,
  );
  assert.equal(schedule(15, 10), 0); // a loop of one's own that goes on stays at zero
  close([scheduleOf({ kind: 'cosine' }, 2)(6, 10)], [0.5]); // half of what follows the warm-up
});

test('one cycle begins at a fraction, reaches the whole, and ends at almost nothing', () => {
  const schedule = scheduleOf({ kind: 'oneCycle' });
  close([schedule(0, 100), schedule(15, 100), schedule(30, 100)], [0.04, 0.52, 1]);
  close([schedule(65, 100), schedule(100, 100)], [0.500002, 0.000004]);
  const longer = scheduleOf({ kind: 'oneCycle', divFactor: 10 }, 50);
  close([longer(0, 100), longer(25, 100), longer(50, 100)], [0.1, 0.55, 1]);
});

test('any schedule stays between nothing and the whole rate, at any step of any training', () => {
  const kinds = fc.constantFrom('constant', 'step', 'cosine', 'oneCycle');
  fc.assert(
    fc.property(kinds, fc.nat(300), fc.nat(300), fc.nat(300), (kind, made, total, warmupSteps) => {
      const factor = scheduleOf({ kind }, warmupSteps)(made, total);
      assert.ok(factor >= 0 && factor <= 1 + 1e-12, `${factor}`);
    }),
  );
});

test('a decay per epoch belongs to the schedule step', () => {
  assert.throws(
    () => parseHyperparameters({ schedule: { kind: 'cosine' }, learningRateDecay: 0.5 }),
    /learningRateDecay: found 0.5; allowed: 1 with the schedule cosine/,
  );
});
