import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, describe, test } from 'node:test';
import { crc32 } from 'node:zlib';
import { sha256Of } from '../../lib/base/files/checksum';
import { Run } from '../../lib/runs/run';
import { venvPython } from '../../scripts/child_process';
import { assertNoLeak } from '../support/assert_close';

const directory = mkdtempSync(join(tmpdir(), 'scanline-runs-'));
after(() => rmSync(directory, { recursive: true }));

const trained = { loss: 2.5, errorRate: 0.75 };
const tested = { errorRate: 0.5, meanLoss: 1.5 };

/** A line's number and checksum are held against what they must be, by their definition. */
function pointOf(text: string, index: number): object {
  const { line, crc, ...point } = JSON.parse(text) as { line: number; crc: string };
  assert.equal(line, index + 1);
  assert.equal(Number.parseInt(crc, 16), crc32(text.slice(0, text.indexOf(',"crc"'))));
  return point;
}

describe('Run', () => {
  test('writes settings and metrics, each line as it comes', () => {
    const run = new Run({ name: 'first', hyperparameters: { numLayers: 3 }, directory });
    assert.match(basename(run.folder), /^\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d-first$/);
    const read = (file: string) => readFileSync(join(run.folder, file), 'utf8');
    const { sha256, ...settings } = JSON.parse(read('hyperparameters.json')) as Record<string, unknown>;
    assert.deepEqual(settings, { numLayers: 3 });
    assert.equal(sha256, sha256Of(Buffer.from('{"numLayers":3}')));
    const first = run.logTrain(0, trained);
    assert.deepEqual({ ...first, seconds: 0 }, { step: 1, epoch: 0, ...trained, seconds: 0 });
    const lines = () => read('metrics.jsonl').trim().split('\n').map(pointOf);
    assert.deepEqual(lines(), [first]);
    const second = run.logTest(0, tested);
    assert.deepEqual(
      { ...second, seconds: 0 },
      { step: 1, epoch: 0, testError: 0.5, testLoss: 1.5, seconds: 0 },
    );
    assert.deepEqual([run.train, run.test], [[first], [second]]);
    run.close();
    run.close();
    assert.deepEqual(lines(), [first, second]);
    assert.throws(() => run.logTrain(0, trained), /Expected an open run/);
  });

  test("TensorBoard's own reader finds the three curves", () => {
    const run = new Run({ name: 'events', hyperparameters: {}, directory });
    for (let step = 1; step <= 20; step++) run.logTrain(0, { loss: 1 / step, errorRate: step / 40 });
    run.logTest(0, { errorRate: 0.25, meanLoss: 1 });
    run.close();
    const read = spawnSync(venvPython, [join(__dirname, 'read_events.py'), run.folder], { encoding: 'utf8' });
    assert.equal(read.status, 0, read.stderr);
    const curves = JSON.parse(read.stdout) as Record<string, [number, number][]>;
    assert.deepEqual(Object.keys(curves).sort(), ['test_error', 'train_error_rate', 'train_loss']);
    assert.deepEqual(curves.test_error, [[20, 0.25]]);
    assert.equal(curves.train_loss.length, 20);
    curves.train_loss.forEach(([step, loss], i) => {
      assert.equal(step, i + 1);
      assert.equal(loss, Math.fround(1 / step));
    });
    assert.deepEqual(curves.train_error_rate[9], [10, 0.25]);
  });

  test('two runs in the same second get folders of their own', () => {
    const folders = [1, 2, 3].map(() => new Run({ name: 'same', hyperparameters: {}, directory }).folder);
    assert.equal(new Set(folders).size, 3);
  });

  test('logging leaves no tensor behind', async () => {
    const run = new Run({ name: 'tensors', hyperparameters: {}, directory });
    run.logTrain(0, trained);
    await assertNoLeak(() => {
      run.logTrain(0, trained);
      run.logTest(0, tested);
    });
    run.close();
  });

  test('a name that cannot be a folder, or a place that cannot hold one, is refused', () => {
    assert.throws(() => new Run({ name: '../x', hyperparameters: {}, directory }), /letters, digits/);
    const file = join(directory, 'file');
    writeFileSync(file, '');
    chmodSync(file, 0o600);
    assert.throws(
      () => new Run({ name: 'x', hyperparameters: {}, directory: file }),
      /Expected to make a run's folder/,
    );
  });
});
