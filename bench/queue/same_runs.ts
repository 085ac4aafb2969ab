/** Are two runs' folders the same, byte for byte, but for what tells of times and processes? */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseMetrics } from '../../lib/runs/metrics';
import { readRun } from '../../lib/runs/read_run';
import { readSafetensors } from '../../lib/runs/safetensors';

/** @throws AssertionError that says what differs */
export function assertSameRun(folder: string, expected: string): void {
  assert.deepEqual(filesOf(folder), filesOf(expected));
  for (const name of ['hyperparameters.json', 'predictions.json', 'test_predictions.json']) {
    assert.deepEqual(readFileSync(join(folder, name)), readFileSync(join(expected, name)), name);
  }
  assert.deepEqual(metricsOf(folder), metricsOf(expected));
  for (const name of readdirSync(join(expected, 'checkpoints'))) {
    assert.deepEqual(checkpointOf(folder, name), checkpointOf(expected, name), name);
  }
  const [run, other] = [readRun(folder), readRun(expected)];
  assert.deepEqual([run.problems, other.problems], [[], []]);
  // A group is called by its sweep's folder, which begins with a time.
  const untimed = ({ info }: typeof run) => {
    return { ...info, started: '', ended: '', group: info.group?.replace(/^[\d_-]+/, '') };
  };
  assert.deepEqual(untimed(run), untimed(other));
}

/** TensorBoard's files are called by time and process, and a run that goes on has several. */
function filesOf(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return [...new Set(names.map(name => name.replace(/^(events)\..*/, '$1')))].sort();
}

/** The lines as text, without the seconds and the checksum over them. */
function metricsOf(folder: string): string[] {
  const { lines, problems } = parseMetrics(readFileSync(join(folder, 'metrics.jsonl')));
  assert.deepEqual(problems, []);
  return lines.map(({ point, number }) => JSON.stringify({ ...point, seconds: 0, number }));
}

/** Tensors by their bits, and what it says of itself, but for the bytes of metrics.jsonl, which hold seconds. */
function checkpointOf(folder: string, name: string): object {
  const { metadata, tensors } = readSafetensors(join(folder, 'checkpoints', name));
  const bits = Object.entries(tensors).map(([key, { shape, values }]) => [
    key,
    shape,
    Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64'),
  ]);
  return { info: { ...(JSON.parse(metadata.scanline) as object), metricsBytes: 0 }, bits };
}
