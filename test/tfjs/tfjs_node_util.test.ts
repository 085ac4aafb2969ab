import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../../scripts/child_process';

/** Run JavaScript in a process of its own: what Node says once, it says once in a process. */
function run(code: string) {
  const program = ['--require', 'ts-node/register', '--eval', code];
  const { stdout, stderr, status } = spawnSync(process.execPath, program, {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3' },
  });
  assert.equal(status, 0, stderr);
  return { stdout, stderr };
}

const load = `const { tf } = require('./lib/tfjs/tensorflow');`;

test('operations of tfjs-node that ask util for types work, without a warning of Node', () => {
  const { stdout, stderr } = run(`${load}
    const { createTensorsTypeOpAttr } =
      require(${JSON.stringify(join('@tensorflow', 'tfjs-node', 'dist', 'nodejs_kernel_backend.js'))});
    const tensors = [tf.tensor1d([3, 5]), tf.tensor1d([4])];
    createTensorsTypeOpAttr('T', tensors);
    console.log([...tf.topk(tf.concat(tensors), 2).values.dataSync()].join());`);
  assert.equal(stdout, '5,4\n');
  assert.equal(stderr, '');
});

test("Node's own util is as it was, warnings included", () => {
  const list = `console.log(Object.entries(require('node:util')).map(([name, value]) => name + typeof value).join());`;
  assert.equal(run(`${load}${list}`).stdout, run(list).stdout);
  const call = `(require('node:util').isArray ?? (() => {}))([]);`;
  const warnings = ({ stderr }: { stderr: string }) => stderr.replace(/\d+/g, '');
  assert.equal(warnings(run(`${load}${call}`)), warnings(run(call)));
});

test('what is loaded afterwards gets the real util', () => {
  assert.equal(
    run(`${load}console.log(require('util') === process.getBuiltinModule('util'));`).stdout,
    'true\n',
  );
});
