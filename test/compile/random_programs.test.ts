import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareRandomPrograms } from './random_programs';

test('random programs and their gradients give compiled what they give operation by operation', () => {
  assert.deepEqual(compareRandomPrograms(40, 1), []);
});
