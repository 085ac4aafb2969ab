import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorCurves } from '../../lib/charts';
import { liveCurves } from '../../lib/charts/live_curves';
import { parseSvg } from '../notebook/xml';
import { deepFreeze, sampleHistory } from './samples';

const change = { step: 100, epoch: 0, set: { learningRate: 3e-4 }, seconds: 1 };
const texts = (svg: string) =>
  [...parseSvg(svg).querySelectorAll('text')].map(({ textContent }) => textContent);
const lines = (svg: string) => [...parseSvg(svg).querySelectorAll('path[fill="none"]')];
const numbers = (path: { getAttribute(name: string): string | null }) =>
  [...(path.getAttribute('d') ?? '').matchAll(/(-?[\d.]+),(-?[\d.]+)/g)].map(([, x, y]) => [
    Number(x),
    Number(y),
  ]);

test('the drawing holds both panels, raw and smoothed, and the tests as points', () => {
  const history = sampleHistory(1, 450);
  const svg = liveCurves(deepFreeze(history), 2577);
  assert.equal(lines(svg).length, 5); // two curves each for loss and error, and the tests
  assert.equal([...parseSvg(svg).querySelectorAll('circle')].length, history.test.length);
  for (const text of ['loss (nats)', 'error rate (%)', 'training step', 'epoch 0'])
    assert.ok(texts(svg).includes(text), text);
});

test('all points lie inside, from the left to the right', () => {
  for (const svg of [liveCurves(sampleHistory(1, 450), 2577), liveCurves(sampleHistory(3), 2577)]) {
    for (const line of lines(svg)) {
      const points = numbers(line);
      assert.ok(
        points.every(([x, y]) => x >= 70 && x <= 730 && y >= 39 && y <= 481),
        line.getAttribute('d')!.slice(0, 200),
      );
      assert.deepEqual(
        [...points].sort(([a], [b]) => a - b),
        points,
      );
    }
  }
});

test('the axis doubles its room until all steps have theirs', () => {
  const last = (steps: number, total: number) =>
    Math.max(
      ...texts(liveCurves(sampleHistory(1, steps), total))
        .map(Number)
        .filter(Number.isFinite),
    );
  assert.equal(last(90, 100_000), 100);
  assert.equal(last(110, 100_000), 200);
  assert.equal(last(800, 100_000), 800);
  assert.equal(last(800, 850), 800);
});

test('it stays small for any number of steps', () => {
  assert.ok(liveCurves(sampleHistory(40), 40 * 859).length < 60_000);
});

test('before the first step it is an empty frame', () => {
  assert.equal(lines(liveCurves({ train: [], test: [] }, 2577)).length, 0);
});

test('a change of settings is marked with its name, here and in the chart that stays', () => {
  const history = { ...sampleHistory(1, 450), changes: [change] };
  assert.ok(texts(liveCurves(history, 859)).includes('learningRate 0.0003'));
  const { layout } = errorCurves(history);
  assert.deepEqual(layout.shapes!.map(({ x0 }) => x0), [100]); // prettier-ignore
  assert.ok(layout.annotations!.some(({ text, x }) => text === 'learningRate 0.0003' && x === 100));
  assert.match(layout.meta!.description!, /learningRate 0\.0003 after step 100/);
});
