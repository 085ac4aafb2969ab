/** A saved function in Python's own TensorFlow, where that is installed: for `npm run bench`, or `npm run golden`. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { compile, scan, tf } from '../../lib/compile';
import { pythonIn, root } from '../../scripts/child_process';
import { maxDifference } from '../support/assert_close';

const environments = [join(root, 'bench', '.venv'), join(root, 'out', 'golden-venv')];
const python = [process.env.SCANLINE_TEST_PYTHON, ...environments.map(pythonIn)].find(
  each =>
    each !== undefined &&
    existsSync(each) &&
    spawnSync(each, ['-c', 'import importlib.util as u; exit(u.find_spec("tensorflow") is None)']).status ===
      0,
);
const skip = python
  ? false
  : 'no Python with TensorFlow: npm run bench or npm run golden installs one, or SCANLINE_TEST_PYTHON names one';

const folder = mkdtempSync(join(tmpdir(), 'scanline-python-'));
after(() => rmSync(folder, { recursive: true }));

const program = `
import json, sys, tensorflow as tf
f = tf.saved_model.load(sys.argv[1]).signatures['serving_default']
images = tf.constant([[[1., 2.], [3., 4.]], [[5., 6.], [7., 8.]]])
result = f(images=images)
print(json.dumps({name: value.numpy().ravel().tolist() for name, value in result.items()}))
`;

test('gives the same, loops included', { skip }, () => {
  const weights = tf.variable(tf.tensor2d([[0.1, 0.2], [0.3, -0.4]])); // prettier-ignore
  const step = (x: tf.Tensor2D, h: tf.Tensor2D) => {
    const state = tf.tanh(tf.add<tf.Tensor2D>(x, tf.matMul(h, weights as tf.Tensor2D)));
    return { output: tf.sum(state), state };
  };
  const f = compile(({ images }: { images: tf.Tensor3D }) => {
    const { outputs, state } = scan(step, tf.unstack(images) as tf.Tensor2D[], tf.zeros<tf.Rank.R2>([2, 2]));
    return { sums: tf.stack(outputs), state };
  });
  const expected = f({ images: tf.tensor3d([1, 2, 3, 4, 5, 6, 7, 8], [2, 2, 2]) });
  f.save(folder);
  const { stdout, stderr, status } = spawnSync(python as string, ['-c', program, folder], {
    encoding: 'utf8',
    env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3' },
  });
  assert.equal(status, 0, stderr);
  const found = JSON.parse(stdout) as Record<string, number[]>;
  assert.deepEqual(Object.keys(found).sort(), ['state', 'sums']);
  for (const name of ['state', 'sums'] as const) {
    assert.ok(maxDifference(found[name], expected[name].dataSync()) < 1e-6, `${name}: ${found[name].join()}`);
  }
  f.dispose();
  weights.dispose();
});
