/** TensorFlow is loaded when something is computed, and not before. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { root } from '../../scripts/child_process';

/** Says at the end whether TensorFlow came into this process. */
const report = `process.on('exit', () => console.log('TensorFlow: ' + process.report.getReport().sharedObjects
  .some(path => path.includes('libtensorflow'))));`;

function loadsTensorFlow(code: string): boolean {
  const args = ['--require', 'ts-node/register', '--eval', `${report}\n${code}`];
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  return /TensorFlow: true\n$/.test(stdout);
}

test('it is loaded by what computes', () => {
  assert.ok(loadsTensorFlow(`require('./lib').tf.scalar(1);`));
});

test('importing the library, drawing a chart and listing runs do without', () => {
  const code = `const lib = require('./lib');
    lib.errorCurves({ train: [{ step: 1, epoch: 0, loss: 1, errorRate: 0.5, seconds: 1 }], test: [] });
    new lib.GRUCell(4);
    lib.listRuns({ directory: 'test' });`;
  assert.ok(!loadsTensorFlow(code));
});

test('so does the help of a command that trains', () => {
  const code = `const help = require('./scripts/train.ts').command.helpInformation();
    if (!help.includes('--learning-rate')) throw new Error(help);`;
  assert.ok(!loadsTensorFlow(code));
});
