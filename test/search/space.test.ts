import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { createRandom } from '../../lib/base/random';
import {
  checkSpace,
  choice,
  gridOf,
  integer,
  logUniform,
  randomPoints,
  sampleSpace,
  uniform,
  type Space,
} from '../../lib/search/space';

const cells = choice([{ kind: 'gru' }, { kind: 'lstm', peepholes: true }]);
const space: Space = { learningRate: logUniform(1e-4, 1e-2), cell: cells, numLayers: integer(1, 4) };

describe('a random point', () => {
  const seeds = fc.integer({ min: 0, max: 2 ** 31 });

  test('lies within the ranges, whatever they are', () => {
    const number = fc.double({ min: 1e-12, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(number, number, seeds, (a, b, seed) => {
        const [min, max] = [Math.min(a, b), Math.max(a, b)];
        fc.pre(min < max);
        for (const range of [logUniform(min, max), uniform(min, max), uniform(-max, min)]) {
          const { clipNorm } = sampleSpace({ clipNorm: range }, createRandom(seed)) as { clipNorm: number };
          assert.ok(clipNorm >= range.min && clipNorm <= range.max, `${clipNorm} in ${min} to ${max}`);
        }
      }),
    );
  });

  test('of integers is an integer within the range, and each of them comes', () => {
    const numbers = randomPoints({ numLayers: integer(2, 5) }, 200, 0).map(({ numLayers }) => numLayers);
    assert.deepEqual([...new Set(numbers)].sort(), [2, 3, 4, 5]);
  });

  test('of choices is one of them, and each of them comes', () => {
    const kinds = randomPoints({ cell: cells }, 50, 0).map(({ cell }) => JSON.stringify(cell));
    assert.deepEqual(
      [...new Set(kinds)].sort(),
      cells.values.map(value => JSON.stringify(value)),
    );
  });

  test('of a logarithmic range is as often below its middle factor as above', () => {
    const rates = randomPoints(space, 1000, 1).map(({ learningRate }) => Number(learningRate));
    const below = rates.filter(rate => rate < 1e-3).length;
    assert.ok(below > 430 && below < 570, `${below} of 1000`);
  });

  test('is decided by seed and number alone: more trials begin with the same, another seed gives others', () => {
    const few = randomPoints(space, 3, 7);
    assert.deepEqual(randomPoints(space, 9, 7).slice(0, 3), few);
    assert.notDeepEqual(randomPoints(space, 3, 8), few);
    assert.notDeepEqual(few[0], few[1]);
  });

  test('keeps its other values when the space has one more setting', () => {
    const [one] = randomPoints(space, 1, 0);
    const [more] = randomPoints({ dropout: uniform(0, 0.5), ...space }, 1, 0);
    assert.deepEqual({ ...more, ...one }, more);
  });
});

describe('a grid', () => {
  test('has each value with each other, by factors in a logarithmic range', () => {
    const points = gridOf({ learningRate: logUniform(1e-4, 1e-2), cell: cells }, 3);
    assert.deepEqual(
      points,
      [1e-4, 1e-3, 1e-2].flatMap(learningRate => cells.values.map(cell => ({ learningRate, cell }))),
    );
  });

  test('has even steps in other ranges, all of few integers and some of many', () => {
    const values = (one: Space, points?: number) => gridOf(one, points).map(point => Object.values(point)[0]);
    assert.deepEqual(values({ dropout: uniform(0, 0.6) }, 4), [0, 0.2, 0.4, 0.6]);
    assert.deepEqual(values({ numLayers: integer(1, 5) }, 2), [1, 2, 3, 4, 5]);
    assert.deepEqual(values({ numHidden: integer(10, 30) }), [10, 20, 30]);
    assert.deepEqual(values({ numLayers: integer(1, 7) }, 7), [1, 2, 3, 4, 5, 6, 7]);
  });

  test('needs at least both ends', () => {
    for (const points of [1, 2.5, NaN]) {
      assert.throws(() => gridOf(space, points), { message: /^Expected an integer from 2 up as points/ });
    }
  });
});

describe('refused:', () => {
  const refuses = (act: () => unknown, message: RegExp) => assert.throws(act, { name: 'UserError', message });

  test('ranges that hold nothing', () => {
    refuses(() => uniform(1, 1), /found 1 to 1$/);
    refuses(() => uniform(2, 1), /found 2 to 1$/);
    refuses(() => uniform(0, Infinity), /found 0 to Infinity$/);
    refuses(() => uniform(NaN, 1), /found NaN to 1$/);
    refuses(() => logUniform(0, 1), /logarithmic range that begins above 0, found 0$/);
    refuses(() => integer(1, 2.5), /Expected integers .* found 2.5$/);
    refuses(() => choice([]), /at least one value/);
  });

  test('a space without settings, with unknown ones, or with impossible values', () => {
    refuses(() => checkSpace({}), /found \{\}$/);
    refuses(() => checkSpace({ lerningRate: uniform(0, 1) } as Space), /lerningRate: no such setting/);
    refuses(
      () => checkSpace({ dropout: uniform(0, 1) }),
      /dropout: found 1; allowed: a number from 0 to below 1/,
    );
    refuses(() => checkSpace({ numHidden: uniform(1.5, 8) }), /numHidden: found 1.5; allowed: an integer/);
    refuses(() => checkSpace({ numHidden: uniform(1, 8) }), /numHidden: .* integer/);
    refuses(
      () => checkSpace({ cell: choice([{ kind: 'rnn' }]) } as unknown as Space),
      /cell.kind: found "rnn"/,
    );
    refuses(() => checkSpace(space, { epochs: 0 }), /epochs: found 0/);
    refuses(() => checkSpace({ batchSize: integer(8, 64) }, {}, { numExamples: 32 }), /batchSize: found 64/);
  });

  test('nothing that is possible', () => {
    checkSpace(space);
    checkSpace(space, { learningRate: 1, epochs: 2 }); // the space decides
  });
});
