import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { didYouMean, nearest } from '../lib/base/did_you_mean';

const kinds = ['gru', 'lstm', 'cifgLstm', 'layerNormLstm'];

test('what needs the fewest edits is meant, also with letters in another order', () => {
  assert.deepEqual(nearest('lsmt', kinds), ['lstm']);
  assert.deepEqual(nearest('cifgLsm', kinds), ['cifgLstm']);
  assert.deepEqual(nearest('rleu', ['tanh', 'relu', 'elu']), ['relu', 'elu']);
});

test('case, dashes and underscores make no difference', () => {
  assert.deepEqual(nearest('num_HIDDEN', ['--num-layers', '--num-hidden']), ['--num-hidden']);
});

test('part of a name, or a word of it that is misspelled', () => {
  const runs = ['2026-11-24_09-35-57-tutorial', '2026-11-23_09-35-57-tutorial', '2026-11-22_09-00-00-train'];
  assert.deepEqual(nearest('tutorial', runs), runs.slice(0, 2));
  assert.deepEqual(nearest('tutoral', runs), runs.slice(0, 2));
  assert.deepEqual(nearest('layerNorm', kinds), ['layerNormLstm']);
});

test('what is near to nothing brings no suggestion, and neither does an empty word or list', () => {
  for (const [word, known] of [
    ['transformer', kinds],
    ['', kinds],
    ['--', kinds],
    ['gru', []],
  ] as const) {
    assert.equal(didYouMean(word, known), '');
  }
});

test('as a sentence', () => {
  assert.equal(didYouMean('lsmt', kinds), '; did you mean lstm?');
  assert.equal(didYouMean('rleu', ['relu', 'elu']), '; did you mean relu or elu?');
  assert.equal(didYouMean('run1', ['run2', 'run3', 'run4', 'run5']), '; did you mean run2, run3 or run4?');
});

test('each name finds itself, and at most three known ones are returned', () => {
  const name = fc.stringMatching(/^[a-z][a-zA-Z]{2,12}$/);
  fc.assert(
    fc.property(
      fc.uniqueArray(name, { minLength: 1, maxLength: 8, selector: each => each.toLowerCase() }),
      names => {
        for (const each of names) assert.deepEqual(nearest(each, names), [each]);
        const found = nearest('abcde', names);
        assert.ok(found.length <= 3 && found.every(each => names.includes(each)));
      },
    ),
  );
});
