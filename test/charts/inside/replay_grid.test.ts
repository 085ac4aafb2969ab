import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { PlotData, Shape } from 'plotly.js';
import { replayGrid, type ReplayRecord } from '../../../lib/charts';
import { colors } from '../../../lib/charts/parts/theme';
import { figureToSvg } from '../../../lib/display/picture';
import { deepFreeze } from '../samples';

/** Rows of two pixels; of two classes the answer goes over from 0 to 1, and a third is never likely. */
function replayOf(numSteps: number, label?: number): ReplayRecord {
  const steps = Array.from({ length: numSteps }, (_, t) => t);
  return {
    image: { pixels: new Uint8Array(2 * numSteps).fill(200), rows: numSteps, columns: 2, label },
    numSteps,
    reads: steps.map(t => [2 * t, 2 * t + 1]),
    probabilities: steps.map(t => [1 - t / numSteps, t / numSteps, 0]),
    layers: [],
  };
}

const pair = [replayOf(4, 1), replayOf(4, 0)];

/** Height of the cover in pixels. */
function coverHeight({ path }: Partial<Shape>): number {
  const [, top, bottom] = /^M[\d.]+,([\d.]+)H[\d.]+V([\d.]+)/.exec(path!) ?? ['', '0', '0'];
  return Number(bottom) - Number(top);
}

describe('a grid of replays', () => {
  test('uncovers all images together, and says what each would answer', () => {
    const { frames } = replayGrid(pair);
    assert.deepEqual(frames!.map(({ name }) => name), ['1', '2', '3', '4']); // prettier-ignore
    const last = frames![3].layout;
    assert.deepEqual(last.annotations!.map(({ text }) => text), ['1, 75 %', '1, 75 %']); // prettier-ignore
    const heights = frames!.map(frame => [0, 2].map(i => Math.round(coverHeight(frame.layout.shapes![i]))));
    assert.ok(heights.every(([a, b]) => a === b));
    assert.deepEqual(heights.map(([a]) => a).slice(0, 3), [3, 2, 1].map(rows => Math.round(42 * rows))); // prettier-ignore
    const xs = frames!.map(frame => Number(frame.layout.shapes![1].x0));
    assert.deepEqual(xs, [...xs].sort((a, b) => a - b)); // prettier-ignore
    assert.ok(xs[3] > xs[0]);
  });

  test('shows the chosen step at first; frames say only what they change', () => {
    const { frames, layout } = replayGrid(pair, { step: 1, titles: ['confident', 'wrong'] });
    frames![1].layout.shapes!.forEach((shape, i) => {
      assert.deepEqual({ ...layout.shapes![i], ...shape }, layout.shapes![i]);
    });
    frames![1].layout.annotations!.forEach((annotation, i) => {
      assert.deepEqual({ ...layout.annotations![i], ...annotation }, layout.annotations![i]);
    });
    const texts = layout.annotations!.map(({ text }) => text);
    assert.ok(texts.includes('confident: is 1') && texts.includes('wrong: is 0'));
    assert.equal(layout.sliders![0].active, 1);
  });

  test('draws the right class in blue, a wrong answer in vermilion, and none that was never likely', () => {
    const colorsOf = (label?: number) =>
      (replayGrid([replayOf(4, label)]).data as PlotData[]).map(({ line }) => line.color);
    assert.deepEqual(colorsOf(1), [colors.text, colors.blue]);
    assert.deepEqual(colorsOf(0), [colors.vermilion, colors.blue]);
    assert.deepEqual(colorsOf(undefined), [colors.text, colors.blue]);
  });

  test('is plain JSON, leaves its input alone, and escapes names', () => {
    const hostile = '<img src=x onerror=y>';
    const figure = replayGrid(deepFreeze(pair), {
      titles: [hostile, hostile],
      classNames: [hostile, hostile],
    });
    assert.deepEqual(JSON.parse(JSON.stringify(figure)), figure);
    const { data, layout, frames } = figure;
    assert.ok(!JSON.stringify([data, { ...layout, meta: 0 }, frames]).includes('<img'));
  });

  test('has a picture without a browser, and a sentence', async () => {
    const svg = await figureToSvg(replayGrid(pair));
    assert.match(
      svg,
      /How the network reads 2 images in 4 time steps: 1 taken for 1, 75 %; 0 taken for 1, 75 %/,
    );
    assert.equal(svg.match(/<image/g)!.length, 2);
    assert.doesNotMatch(svg, /NaN|>play</);
  });

  test('says what it needs', () => {
    assert.throws(() => replayGrid([]), /UserError: Expected 1 to 12 replays, found 0/);
    assert.throws(() => replayGrid([replayOf(4), replayOf(5)]), /found one of 5 beside one of 4/);
    assert.throws(() => replayGrid(pair, { titles: ['one'] }), /a title for each of 2 replays, found 1/);
    assert.throws(() => replayGrid(pair, { step: 4 }), /Expected a step of the replays, 0 to 3, found 4/);
  });
});
