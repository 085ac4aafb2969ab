import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { PlotData, Shape } from 'plotly.js';
import { rowReplay, type ReplayRecord } from '../../../lib/charts';
import { byActivity } from '../../../lib/charts/parts/matrix';
import { stripPng } from '../../../lib/charts/parts/strip';
import { colors } from '../../../lib/charts/parts/theme';
import { figureToSvg } from '../../../lib/display/picture';

/** A replay of `numSteps` rows of two pixels, two units that rise and fall, two classes. */
function replayOf(numSteps: number, label: number | undefined = 1): ReplayRecord {
  const steps = Array.from({ length: numSteps }, (_, t) => t);
  const rising = steps.map(t => Float32Array.of(t / numSteps, -t / numSteps));
  return {
    image: { pixels: new Uint8Array(2 * numSteps).fill(200), rows: numSteps, columns: 2, label },
    numSteps,
    reads: steps.map(t => [2 * t, 2 * t + 1]),
    probabilities: steps.map(t => Float32Array.of(1 - t / numSteps, t / numSteps)),
    layers: [
      { direction: 'forward', layer: 0, state: { h: rising }, gates: { u: rising } },
      { direction: 'forward', layer: 1, state: { c: rising, h: rising }, gates: {} },
      { direction: 'backward', layer: 0, state: { h: rising }, gates: {} },
    ],
  };
}

const barsOf = (data: readonly unknown[]) => data[0] as PlotData;
/** Pixels under the cover, of a path of rectangles. */
function covered(shapes: readonly Partial<Shape>[]): number {
  const found = [...shapes[0].path!.matchAll(/M(\d+),(\d+)H(\d+)V(\d+)H/g)].map(match =>
    match.slice(1).map(Number),
  );
  return found.reduce((sum, [left, top, right, bottom]) => sum + (right - left) * (bottom - top), 0);
}

describe('a row replay', () => {
  test('has a frame for each step: what was read, what it would answer, where it is', () => {
    const figure = rowReplay(replayOf(6), { step: 2 });
    const { data, layout, frames } = figure;
    assert.deepEqual(
      frames!.map(({ name }) => name),
      ['1', '2', '3', '4', '5', '6'],
    );
    frames!.forEach(frame => {
      const t = Number(frame.name) - 1;
      assert.deepEqual(
        [barsOf(frame.data).y, frame.traces],
        [[1 - t / 6, t / 6].map(v => Number(v.toPrecision(5))), data.map((_, trace) => trace)],
      );
      assert.equal(covered(frame.layout.shapes!), 2 * (5 - t));
      assert.equal(frame.layout.shapes![2].x0, t + 1);
    });
    assert.deepEqual([barsOf(data), layout.shapes], [barsOf(frames![2].data), frames![2].layout.shapes]);
    assert.equal(layout.sliders![0].active, 2);
    assert.deepEqual(
      layout.sliders![0].steps!.map(({ args }) => (args as unknown[][])[0]),
      frames!.map(({ name }) => [name]),
    );
  });

  test('is plain JSON, with the curves of all classes, and the layer that was asked for', () => {
    const figure = rowReplay(replayOf(6), { layer: 0 });
    assert.deepEqual(JSON.parse(JSON.stringify(figure)), figure);
    const curves = figure.data.filter(trace => (trace as PlotData).mode === 'lines');
    assert.deepEqual(curves.map(({ name }) => name).sort(), ['0', '1']);
    const titles = (layer?: number) =>
      rowReplay(replayOf(6), { layer })
        .layout.annotations!.map(({ text }) => text!)
        .join();
    assert.match(titles(0), /state h, layer 1.*gate or candidate u/);
    assert.match(titles(), /state c, layer 2.*state h, layer 2/); // the top one of the forward direction
  });

  test('shows the right class in blue, and another answer in vermilion', () => {
    const colorsAt = (label: number | undefined) => {
      const bars = barsOf(rowReplay(replayOf(6, label), { step: 0 }).data);
      return (bars.marker as { color: string[] }).color;
    };
    assert.deepEqual(colorsAt(1), [colors.vermilion, colors.blue]);
    assert.deepEqual(colorsAt(0), [colors.blue, colors.sky]);
    assert.deepEqual(
      rowReplay({ ...replayOf(6), image: { ...replayOf(6).image, label: undefined } }).data.length,
      5,
    );
  });

  test('of a long sequence has a limited number of frames, the chosen and the last step among them', () => {
    const { frames } = rowReplay(replayOf(300), { step: 7 });
    const names = frames!.map(({ name }) => Number(name));
    assert.ok(names.length <= 57 && names.includes(8) && names.includes(300));
    assert.deepEqual(
      names,
      [...names].sort((a, b) => a - b),
    );
  });

  test('has a picture without a browser, and a sentence', async () => {
    const svg = await figureToSvg(rowReplay(replayOf(6), { step: 3 }));
    assert.match(
      svg,
      /How the network reads the image of a 1 in 6 time steps: after step 4 it says 0 with 50 %/,
    );
    assert.equal(svg.match(/<image/g)!.length, 3); // the digit and two states
    assert.doesNotMatch(svg, />play</);
  });

  test('refuses steps and layers that there are not', () => {
    assert.throws(() => rowReplay(replayOf(6), { step: 6 }), /UserError: Expected a step .* 0 to 5, found 6/);
    assert.throws(
      () => rowReplay(replayOf(6), { layer: 3 }),
      /UserError: Expected a layer .* 0 to 2, found 3/,
    );
  });
});

test('units are ordered by sign and by when they are active', () => {
  const late = [0, 0, 1];
  const early = [1, 0, 0];
  const matrix = [0, 1, 2].map(t => [late[t], -late[t], early[t], -early[t], 0]);
  assert.deepEqual(byActivity(matrix), [2, 4, 0, 1, 3]);
  assert.match(stripPng(matrix, [0, 1], 1), /^data:image\/png;base64,/);
});
