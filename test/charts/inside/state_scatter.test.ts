import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { PlotData } from 'plotly.js';
import { stateScatter, type StateSpaceRecord } from '../../../lib/charts';
import { figureToSvg } from '../../../lib/display/picture';
import { deepFreeze } from '../samples';

/** Images of three classes by turns; each moves right by one at each step, and each class has its own height. */
function stateSpaceOf(numImages: number, numSteps: number): StateSpaceRecord {
  const labels = Uint8Array.from({ length: numImages }, (_, i) => i % 3);
  const steps = Array.from({ length: numSteps }, (_, t) => t);
  return {
    steps,
    x: steps.map(t => Float32Array.from(labels, () => t)),
    y: steps.map(() => Float32Array.from(labels, label => label - 1)),
    labels,
    explained: [0.5, 0.25],
  };
}

const traces = (data: readonly unknown[]) => data as PlotData[];

describe('a state scatter', () => {
  test('has a trace for each class, and one with their names amid their points', () => {
    const { data, frames } = stateScatter(stateSpaceOf(9, 5));
    assert.deepEqual(traces(data).slice(0, 3).map(({ name, x }) => [name, x.length]), [['0', 3], ['1', 3], ['2', 3]]); // prettier-ignore
    assert.equal(new Set(traces(data).slice(0, 3).map(({ marker }) => `${String(marker.color)} ${String(marker.symbol)}`)).size, 3); // prettier-ignore
    assert.deepEqual(
      frames!.map(({ name }) => name),
      ['1', '2', '3', '4', '5'],
    );
    // From 0 to 4 along x, and from −1 to 1 along y: the wider of the two takes the whole square.
    const [first, last] = [0, 4].map(i => traces(frames![i].data));
    assert.deepEqual([first[0].x, first[0].y], [[0, 0, 0], [250, 250, 250]]); // prettier-ignore
    assert.deepEqual([last[2].x, last[2].y], [[1000, 1000, 1000], [750, 750, 750]]); // prettier-ignore
    assert.deepEqual([last[3].x, last[3].y], [[1000, 1000, 1000], [250, 500, 750]]); // prettier-ignore
  });

  test('shows the chosen frame, and lets points glide', () => {
    const { data, frames, layout } = stateScatter(stateSpaceOf(9, 5), { frame: 1 });
    for (const [i, trace] of traces(frames![1].data).entries())
      assert.deepEqual({ ...data[i], ...trace }, data[i]);
    assert.equal(layout.sliders![0].active, 1);
    const [, options] = layout.sliders![0].steps![0].args as unknown as [unknown, { frame: object }];
    assert.deepEqual(options.frame, { duration: 0, redraw: false });
  });

  test('of many images draws some at equal distances, says so, and stays small', () => {
    const figure = stateScatter(stateSpaceOf(2600, 28));
    const drawn = traces(figure.data).slice(0, 3);
    assert.equal(drawn.reduce((sum, { x }) => sum + x.length, 0), 400); // prettier-ignore
    assert.equal(figure.layout.annotations![0].text, '400 of the 2600 images');
    assert.ok(JSON.stringify(figure).length < 150_000);
    const fewer = stateScatter(stateSpaceOf(2600, 28), { points: 30 });
    assert.ok(JSON.stringify(fewer).length < JSON.stringify(figure).length / 4);
  });

  test('is plain JSON, leaves its input alone, and escapes names', () => {
    const classNames = ['<a href="x">', 'a long name', '$y$'];
    const record = { ...stateSpaceOf(6, 2), steps: Object.freeze([3, 9]) };
    const figure = stateScatter(deepFreeze(record), { classNames });
    assert.deepEqual(JSON.parse(JSON.stringify(figure)), figure);
    assert.doesNotMatch(JSON.stringify(figure), /<a |\$y\$/);
    assert.deepEqual(figure.frames!.map(({ name }) => name), ['4', '10']); // prettier-ignore
  });

  test('has a picture without a browser, and a sentence', async () => {
    const svg = await figureToSvg(stateScatter(stateSpaceOf(30, 3)));
    assert.match(
      svg,
      /The states of 30 of 30 images at 3 time steps, in the plane .* which has 75 % of the variance/,
    );
    assert.equal(svg.match(/class="point"/g)!.length, 33);
    assert.doesNotMatch(svg, /NaN|>play</);
  });

  test('draws states that are all the same in the middle', () => {
    const one = { ...stateSpaceOf(2, 1), y: [Float32Array.of(1, 1)] };
    assert.deepEqual(traces(stateScatter(one).data)[0].x, [500]);
  });

  test('refuses frames that there are not, and no points', () => {
    assert.throws(
      () => stateScatter(stateSpaceOf(3, 2), { frame: 2 }),
      /UserError: Expected a frame .* 0 to 1, found 2/,
    );
    assert.throws(() => stateScatter(stateSpaceOf(3, 2), { points: 0 }), /UserError: .* found 0 of 3/);
  });
});
