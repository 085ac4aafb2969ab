/** A part of TensorFlow.js's own tests, operation by operation and compiled; `npm run peers` runs all of them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareRuns, count } from '../../peers/suites/compare';
import { runSuite } from '../../peers/suites/run_suite';
import { coreSuite, selectFiles } from '../../peers/suites/suites';

const parts = [
  ...['gradients_test', 'variable_test', 'adam_optimizer', 'momentum_optimizer', 'ops/dropout_test'],
  ...['ops/gather_test', 'ops/split_test', 'ops/concat_test', 'ops/batchnorm_test', 'ops/moments_test'],
  ...['ops/unique_test', 'ops/topk_test', 'ops/conv2d_test', 'ops/multinomial_test'],
];

test("tests of tfjs-core pass compiled, but for those about a tensor's identity", async () => {
  const suite = selectFiles(coreSuite(), parts);
  assert.equal(suite.files.length, parts.length);
  const [eager, compiled] = await Promise.all([runSuite(suite, false), runSuite(suite, true)]);
  const comparison = compareRuns(suite.name, eager, compiled);
  assert.ok(comparison.eager > 250, `${comparison.eager} pass eagerly`);
  assert.equal(count(comparison, 'defect', 'refused'), 0, JSON.stringify(comparison.rest, null, 2));
});
