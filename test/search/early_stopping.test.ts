import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { isHopeless, medianRule, successiveHalving, type OtherTrial } from '../../lib/search/early_stopping';

/** A test after each ten examples. */
const tests = (...errors: number[]) => errors.map((testError, i) => ({ examples: 10 * (i + 1), testError }));
const ended = (...errors: number[]): OtherTrial => ({ tests: tests(...errors), ended: true });
const running = (...errors: number[]): OtherTrial => ({ tests: tests(...errors), ended: false });

describe('the median rule', () => {
  const others = [ended(0.6, 0.4, 0.2), ended(0.8, 0.6, 0.4), ended(0.9, 0.9, 0.9)];

  test('stops what is at best worse than the median of the averages until there', () => {
    // Averages after two tests: 0.5, 0.7, 0.9.
    assert.equal(medianRule(tests(0.9, 0.71), others, 2), true);
    assert.equal(medianRule(tests(0.9, 0.7), others, 2), false);
    assert.equal(medianRule(tests(0.69, 0.95), others, 2), false); // its best counts
    // After three: 0.4, 0.6, 0.9.
    assert.equal(medianRule(tests(0.9, 0.7, 0.65), others, 2), true);
  });

  test('of an even number takes the middle between two', () => {
    const four = [...others, ended(0.6, 0.6, 0.6)]; // median 0.65
    assert.equal(medianRule(tests(0.9, 0.66), four, 2), true);
    assert.equal(medianRule(tests(0.9, 0.64), four, 2), false);
  });

  test('waits for the grace, and for three ended trials that came so far', () => {
    assert.equal(medianRule(tests(1, 1), others, 3), false);
    assert.equal(medianRule(tests(1, 1, 1), others, 3), true);
    assert.equal(medianRule(tests(1, 1), others.slice(1), 2), false);
    const other = running(0.1, 0.1, 0.1);
    assert.equal(medianRule(tests(1, 1), [...others.slice(1), other], 2), false);
    assert.equal(medianRule(tests(1, 1), [...others.slice(1), ended(0.1)], 2), false);
    assert.equal(medianRule([], others, 0), false);
  });

  test('compares by examples seen, not by the number of tests', () => {
    const late = [
      { examples: 25, testError: 0.75 },
      { examples: 30, testError: 0.65 },
    ];
    assert.equal(medianRule(late, others, 2), true); // median after 30: 0.6; after two tests: 0.7
  });

  test('never stops the trial with the lowest error of all', () => {
    const errors = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(fc.array(errors, { minLength: 3, maxLength: 9 }), errors, (histories, own) => {
        const lowest = Math.min(...own, ...histories.flat());
        const best = tests(...own.slice(0, 2), lowest);
        assert.equal(
          medianRule(
            best,
            histories.map(history => ended(...history)),
            1,
          ),
          false,
        );
      }),
    );
  });
});

describe('successive halving', () => {
  test('at a rung keeps the best third of those that came there', () => {
    const others = [0.1, 0.2, 0.3, 0.4, 0.5].map(error => running(0.9, error));
    assert.equal(successiveHalving(tests(0.9, 0.15), others, 2), false); // second of six
    assert.equal(successiveHalving(tests(0.9, 0.25), others, 2), true); // third of six
  });

  test('asks only after the first rung, three times and nine times as many tests', () => {
    const others = Array.from({ length: 5 }, () => ended(...Array<number>(20).fill(0)));
    const stopsAfter = (first: number) =>
      Array.from({ length: 20 }, (_, i) => i + 1).filter(count =>
        successiveHalving(tests(...Array<number>(count).fill(1)), others, first),
      );
    assert.deepEqual(stopsAfter(2), [2, 6, 18]);
    assert.deepEqual(stopsAfter(1), [1, 3, 9]);
  });

  test('does not wait for others: the first two go on, and those that did not come so far do not count', () => {
    assert.equal(successiveHalving(tests(1, 1), [], 2), false);
    assert.equal(successiveHalving(tests(1, 1), [running(0, 0)], 2), false);
    assert.equal(successiveHalving(tests(1, 1), [running(0, 0), running(0)], 2), false);
    assert.equal(successiveHalving(tests(1, 1), [running(0, 0), running(0, 0)], 2), true);
  });

  test('takes of the others only what they had by then', () => {
    const others = [ended(0.9, 0.9, 0.1), ended(0.9, 0.9, 0.1)];
    assert.equal(successiveHalving(tests(0.9, 0.8), others, 2), false);
  });
});

test('without a rule nothing is stopped', () => {
  const others = [1, 2, 3, 4].map(() => ended(0, 0));
  assert.equal(isHopeless('none', tests(1, 1), others, 1), false);
  assert.equal(isHopeless('median', tests(1, 1), others, 1), true);
  assert.equal(isHopeless('halving', tests(1), others, 1), true);
});
