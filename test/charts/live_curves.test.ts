import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorCurves } from '../../lib/charts';
import { placeChanges } from '../../lib/charts/parts/changes';
import { drawLiveCurves } from '../../lib/charts/live_curves';
import { colors } from '../../lib/charts/parts/theme';
import { parseSvg } from '../display/xml';
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
  const svg = drawLiveCurves(deepFreeze(history), 2577);
  assert.equal(lines(svg).length, 5); // two curves each for loss and error, and the tests
  assert.equal([...parseSvg(svg).querySelectorAll('circle')].length, history.test.length);
  for (const text of ['loss (nats)', 'error rate (%)', 'training step', 'epoch 0'])
    assert.ok(texts(svg).includes(text), text);
});

test('all points lie inside, from the left to the right', () => {
  for (const svg of [drawLiveCurves(sampleHistory(1, 450), 2577), drawLiveCurves(sampleHistory(3), 2577)]) {
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
      ...texts(drawLiveCurves(sampleHistory(1, steps), total))
        .map(Number)
        .filter(Number.isFinite),
    );
  assert.equal(last(90, 100_000), 100);
  assert.equal(last(110, 100_000), 200);
  assert.equal(last(800, 100_000), 800);
  assert.equal(last(800, 850), 800);
});

test('it stays small for any number of steps', () => {
  assert.ok(drawLiveCurves(sampleHistory(40), 40 * 859).length < 60_000);
});

test('the first steps fill their panels, and no two numbers at an axis touch', () => {
  const start = (steps: number) => ({
    train: Array.from({ length: steps }, (_, i) => {
      const noise = Math.sin(i * 12.9898);
      const errorRate = Math.round(64 * (0.89 + 0.04 * noise)) / 64;
      return { step: i + 1, epoch: 0, loss: 2.29 - 0.0005 * i + 0.01 * noise, errorRate, seconds: i };
    }),
    test: [],
  });
  for (const steps of [1, 2, 5, 30, 100]) {
    const svg = drawLiveCurves(start(steps), 2577);
    const heights = [...parseSvg(svg).querySelectorAll('text[text-anchor="end"]')]
      .map(text => Number(text.getAttribute('y')))
      .sort((a, b) => a - b);
    for (const panel of [heights.filter(y => y < 260), heights.filter(y => y > 260)]) {
      assert.ok(panel.length >= 2, `${steps} steps: ${panel.length} numbers`);
      assert.ok(
        panel.slice(1).every((y, i) => y - panel[i] >= 13),
        `${steps} steps: ${panel.join()}`,
      );
    }
  }
});

test('a legend names the three kinds of lines as the chart that stays does', () => {
  const names = (errorCurves(sampleHistory(1, 450)).data as { name: string; showlegend?: boolean }[])
    .filter(({ showlegend }) => showlegend !== false)
    .map(({ name }) => name);
  const shown = texts(drawLiveCurves(sampleHistory(1, 450), 2577));
  for (const name of names) assert.ok(shown.includes(name), name);
});

test('names of changes stand on boxes, so that they can be read on a dark page and over curves', () => {
  const history = { ...sampleHistory(1, 450), changes: [change] };
  const svg = parseSvg(drawLiveCurves(history, 859));
  assert.equal(svg.querySelector('g rect')!.getAttribute('fill'), colors.slate);
  const name = svg.querySelector('g rect + text')!;
  assert.deepEqual([name.textContent, name.getAttribute('fill')], ['learningRate 0.0003', colors.onDark]);
  const annotation = errorCurves(history).layout.annotations!.find(
    ({ text }) => text === 'learningRate 0.0003',
  )!;
  assert.deepEqual([annotation.bgcolor, annotation.font!.color], [colors.slate, colors.onDark]);
});

test('names of changes close together go one below the other', () => {
  const near = [
    { x: 100, length: 80 },
    { x: 105, length: 60 },
    { x: 110, length: 90 },
    { x: 300, length: 80 },
  ];
  assert.deepEqual(placeChanges(near, 200), [0, 84, 0, 0]);
  assert.deepEqual(placeChanges([], 200), []);
});

test('before the first step it is an empty frame', () => {
  assert.equal(lines(drawLiveCurves({ train: [], test: [] }, 2577)).length, 0);
});

test('a change of settings is marked with its name, here and in the chart that stays', () => {
  const history = { ...sampleHistory(1, 450), changes: [change] };
  assert.ok(texts(drawLiveCurves(history, 859)).includes('learningRate 0.0003'));
  const { layout } = errorCurves(history);
  assert.deepEqual(layout.shapes!.map(({ x0 }) => x0), [100]); // prettier-ignore
  assert.ok(layout.annotations!.some(({ text, x }) => text === 'learningRate 0.0003' && x === 100));
  assert.match(layout.meta!.description!, /learningRate 0\.0003 after step 100/);
});
