/** `npm run export -- <run> --check`. */
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test, type TestContext } from 'node:test';
import { InferenceSession } from 'onnxruntime-node';
import { train } from '../../lib/views/train';
import { checkTable, isRight } from '../../scripts/check_exports';
import { command } from '../../scripts/export';
import { smallData } from '../support/small_data';
import { quiet, runsFolder, smallRun } from '../support/training';

const folder = runsFolder();
const run = smallRun(folder, { numHidden: 4, numLayers: 1, epochs: 1 });
const trained = train(run, quiet);
after(() => run.dispose());

/** In the form of CSV, so that the command reads them. */
function writeImages(): string {
  const data = smallData(30, { seed: 5 });
  const path = join(folder, 'small.csv');
  const lines = Array.from({ length: 30 }, (_, i) => [data.label(i), ...data.image(i)].join());
  writeFileSync(path, `label,${'pixel,'.repeat(11)}4x3\n${lines.join('\n')}\n`);
  return path;
}

/** What it prints, and its exit status. */
async function runCommand(
  t: TestContext,
  args: readonly string[],
): Promise<{ lines: string[]; status: unknown }> {
  const lines: string[] = [];
  t.mock.method(console, 'log', (text: string) => lines.push(...text.split('\n')));
  try {
    await command.parseAsync([run.folder, ...args], { from: 'user' });
    return { lines, status: process.exitCode };
  } finally {
    process.exitCode = undefined;
    t.mock.restoreAll();
  }
}

test('all formats answer as the run does, and nothing is left of them', async t => {
  await trained;
  const temporary = join(folder, 'temporary');
  mkdirSync(temporary);
  process.env.TMPDIR = temporary;
  const { lines, status } = await runCommand(t, ['--check', '--data', writeImages()]);
  assert.equal(status, undefined);
  assert.match(lines[0], /^probabilities of 7 test images/);
  const verdicts = lines.slice(3).map(line => line.split(/\s+/));
  assert.deepEqual(
    verdicts.map(([format]) => format),
    ['safetensors', 'savedmodel', 'onnx', 'tfjs'],
  );
  for (const [format, size, , difference, allowed, verdict] of verdicts) {
    assert.ok(Number(size) >= 0 && Number(difference) <= 1e-5, format);
    assert.deepEqual([allowed, verdict], ['1e-5', 'same']);
  }
  const left = readdirSync(temporary).filter(name => name.startsWith('scanline-export-'));
  assert.deepEqual(left, []);
});

test('a runtime with other answers is found out, with status 1', async t => {
  await trained;
  const wrong = new Float32Array(7 * 3).fill(1 / 3);
  t.mock.method(InferenceSession, 'create', () => ({
    run: () => ({ probabilities: { data: wrong } }),
    release: () => {},
  }));
  const { lines, status } = await runCommand(t, ['--check', '--format', 'onnx', '--data', writeImages()]);
  assert.equal(status, 1);
  assert.match(lines[3], /^onnx .* 1e-5 {2}DIFFERENT$/);
  assert.equal(lines.length, 4);
});

test('what is no number is different, too', () => {
  const checked = { format: 'onnx', bytes: 1_234_567, difference: NaN } as const;
  assert.ok(!isRight(checked));
  assert.match(checkTable([checked]), /onnx +1\.23 MB +NaN +1e-5 +DIFFERENT/);
});

test('a check writes nowhere else', async t => {
  await assert.rejects(
    runCommand(t, ['--check', '--out', folder]),
    /Expected --check without --out, found both/,
  );
  await assert.rejects(runCommand(t, []), /Expected --format with one of .*, or --check for all, found none/);
});
