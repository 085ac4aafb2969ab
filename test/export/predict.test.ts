/** A saved run answers without its data. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { range } from '../../lib/base/range';
import { predict } from '../../lib/export/predict';
import { evaluate } from '../../lib/training/evaluate';
import { train } from '../../lib/views/train';
import { root } from '../../scripts/child_process';
import { textPicture } from '../../scripts/text_picture';
import { assertNoLeak } from '../support/assert_close';
import { smallData } from '../support/small_data';
import { quiet, runsFolder, smallRun } from '../support/training';

const folder = runsFolder();
const run = smallRun(join(folder, 'runs'), { numHidden: 4, epochs: 1 });
const trained = train(run, quiet);
const data = smallData(6, { seed: 5 });
const images = range(6).map(i => data.example(i));
after(() => run.dispose());

test('the answers of a folder are those of its model', async () => {
  await trained;
  const found = await predict(run.folder, images);
  const { predictions } = await evaluate(run.model, data);
  assert.deepEqual(
    found.map(({ label }) => label),
    [...predictions],
  );
  for (const { probabilities, label, className } of found) {
    assert.ok(Math.abs(probabilities.reduce((sum, each) => sum + each, 0) - 1) < 1e-5);
    assert.equal(probabilities[label], Math.max(...probabilities));
    assert.equal(className, String(label));
  }
  await assertNoLeak(() => predict(run.folder, images));
  assert.deepEqual(await predict(run, []), []);
});

test('images of another size are refused', async () => {
  await trained;
  const wrong = [{ pixels: new Uint8Array(28 * 28), rows: 28, columns: 28 }];
  await assert.rejects(predict(run.folder, wrong), /Expected images of 4 × 3 pixels.*found 28 × 28/);
  await assert.rejects(predict(run, [images[0], ...wrong]), /found 28 × 28/);
});

test('an image as text: two rows a line, ink dark', () => {
  const pixels = Uint8Array.of(0, 255, 0, 255, 0, 0, 128, 0, 64);
  assert.deepEqual(textPicture({ pixels, rows: 3, columns: 3 }), ['▒▒', '▒ ░']);
});

test('npm run predict prints class, probabilities, preparation, how many were wrong, and what it could not read', async () => {
  await trained;
  const path = join(folder, 'train.csv');
  writeFileSync(path, images.map(({ label, pixels }) => [label, ...pixels].join()).join('\n'));
  const args = ['-r', 'ts-node/register', join('scripts', 'predict.ts'), run.folder, 'absent.png', path];
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  assert.match(stderr, /^Expected a picture at .*absent\.png, found nothing\n$/);
  assert.equal(status, 1);
  const lines = stdout.trimEnd().split('\n');
  assert.match(lines[0], /^train\.csv 0: \d \(\d \d+\.\d\d %.*\), labelled \d$/);
  assert.equal(lines[1], '  taken as they are');
  const wrong = (await predict(run, images)).filter(({ label }, i) => label !== images[i].label).length;
  assert.match(lines[lines.length - 1], new RegExp(`^${wrong} of 6 wrong: `));
});
