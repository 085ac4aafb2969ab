import assert from 'node:assert/strict';
import { test } from 'node:test';
import { historyOf, linesUntil, metricsLine, parseMetrics, type Point } from '../../lib/runs/metrics';

const points: Point[] = [
  { step: 1, epoch: 0, loss: 2.5, errorRate: 0.75, seconds: 0.1 },
  { step: 2, epoch: 0, loss: 2, errorRate: 0.5, seconds: 0.2 },
  { step: 2, epoch: 0, testError: 0.5, testLoss: 1.5, seconds: 0.3 },
  { step: 2, epoch: 0, set: { learningRate: 0.1 }, seconds: 0.4 },
  { step: 3, epoch: 1, loss: 1, errorRate: 0.25, seconds: 0.5 },
];
const lines = points.map((point, i) => metricsLine(point, i + 1));
const older = points.map(point => `${JSON.stringify(point)}\n`);
/** The lines with others in the place of some. */
const spliced = (start: number, count: number, ...others: string[]) => [
  ...lines.slice(0, start),
  ...others,
  ...lines.slice(start + count),
];
const parse = (text: readonly string[]) => parseMetrics(Buffer.from(text.join('')));
const read = (text: readonly string[]) => parse(text).lines.map(({ point }) => point);

test('what was written is read, also without checksums as from before, and the one after the other', () => {
  for (const text of [lines, older, [...older.slice(0, 2), ...lines.slice(2)]]) {
    const { problems, damaged } = parse(text);
    assert.deepEqual([read(text), problems, damaged], [points, [], false]);
  }
  const { train, test: tests, changes } = historyOf(parse(lines).lines);
  assert.deepEqual([...train, ...tests, ...changes].length, 5);
});

test('line ends of Windows and a byte order mark change nothing', () => {
  const text = `\ufeff${lines.join('')}`.replaceAll('\n', '\r\n');
  assert.deepEqual(read([text]), points);
});

test('a line that is damaged, doubled, moved, left out or joined to another is named; the others are read', () => {
  const without = (i: number) => points.filter((_, at) => at !== i);
  const changed = spliced(1, 1, lines[1].replace('0.5', '0.4'));
  assert.deepEqual(read(changed), without(1));
  assert.match(parse(changed).problems.join(), /line 2 is damaged: its checksum .*; 4 lines can be read/);
  assert.match(parse(spliced(2, 0, lines[1])).problems.join(), /line 3 is damaged: a line that was there/);
  assert.deepEqual(read(spliced(2, 1)), without(2));
  assert.match(parse(spliced(2, 1)).problems.join(), /a line is missing/);
  assert.match(parse(spliced(1, 1)).problems.join(), /step 2 is missing/);
  const joined = spliced(0, 1, lines[0].trim());
  assert.deepEqual(read(joined), points.slice(2));
  assert.equal(parse(joined).damaged, true);
  assert.match(
    parse([...lines.slice(0, 4), older[4]]).problems.join(),
    /line 5 is damaged: without a checksum/,
  );
});

test('half a line at the end is no damage, and is named', () => {
  const { problems, damaged } = parse([...lines, '{"step":4,"lo']);
  assert.deepEqual([problems, damaged], [['line 6 is cut off; all lines before it are read'], false]);
});

test('values that no training can have are damage, also in lines without a checksum', () => {
  const [train, , tested, change] = points;
  for (const wrong of [
    { ...train, step: -1 },
    { ...train, step: '1' },
    { ...train, epoch: '<img src=x onerror=alert(1)>' },
    { ...train, loss: null },
    { ...train, errorRate: 1.5 },
    { ...train, seconds: -1 },
    { ...train, more: 1 },
    { ...tested, testError: '0.5' },
    { ...change, set: { 'javascript:alert(1)': 1 } },
    { ...change, set: { learningRate: '0.1' } },
    null,
    [],
    7,
  ]) {
    assert.match(parse([`${JSON.stringify(wrong)}\n`]).problems.join(), /^line 1 is damaged: /);
  }
  assert.match(parse([`${JSON.stringify(train).replace('2.5', '1e999')}\n`]).problems.join(), /loss/);
});

test('the lines before a checkpoint are found by number, by bytes, and by step where the bytes have changed', () => {
  const all = parse(lines).lines;
  const at = { step: 2, metricsBytes: all[2].end };
  assert.equal(linesUntil(all, { ...at, metricsLines: 3 }).length, 3);
  assert.equal(linesUntil(all, at).length, 3);
  assert.equal(linesUntil(all, { ...at, metricsBytes: all[2].end - 5 }).length, 4);
});
