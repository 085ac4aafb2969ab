import type { DescribedRun } from '../../lib/runs/differences';
import { round } from '../../lib/base/format';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PlotData } from 'plotly.js';
import { describeFigure, type Figure } from '../../lib/charts';
import { lineStyles } from '../../lib/charts/training_curves';
import { runCurves } from '../../lib/views/run_curves';
import { channels } from '../../lib/charts/parts/theme';
import type { Change } from '../../lib/base/history';
import { deepFreeze, sampleHistory } from '../charts/samples';

const traces = ({ data }: Figure) => data as PlotData[];

/** 500 steps in epochs of 250, with tests at 200 and 400. */
function sampleRun(
  name: string,
  hyperparameters: object,
  changes: Change[] = [],
  history = sampleHistory(2, 250),
) {
  const info = { name } as DescribedRun['info'];
  return {
    ...history,
    changes,
    id: `folder-${name}`,
    info,
    hyperparameters: hyperparameters as Record<string, unknown>,
  };
}

const first = sampleRun('first', { learningRate: 0.001, epochs: 2 });
const second = sampleRun('second', { learningRate: 0.003, epochs: 2 }, [
  { step: 300, epoch: 1, set: { learningRate: 0.0003 }, seconds: 9.3 },
]);

test('each run has its loss in the upper panel and its test error in the lower, in one colour and dash', () => {
  const figure = runCurves([first, second], { smoothing: 0 });
  const [loss, tested, otherLoss, otherTested] = traces(figure);
  assert.deepEqual(
    [loss, tested, otherLoss, otherTested].map(({ yaxis }) => yaxis),
    ['y', 'y2', 'y', 'y2'],
  );
  assert.ok(figure.layout.yaxis!.domain![0] > figure.layout.yaxis2!.domain![1]);
  assert.deepEqual(
    loss.y,
    first.train.map(point => round(point.loss)),
  );
  assert.deepEqual([tested.x, tested.y], [[200, 400], first.test.map(point => round(point.testError))]);
  assert.equal(loss.line.color, tested.line.color);
  assert.equal(loss.line.dash, tested.line.dash);
  assert.notEqual(loss.line.color, otherLoss.line.color);
  assert.notEqual(loss.line.dash, otherLoss.line.dash);
  assert.notEqual(tested.marker.symbol, otherTested.marker.symbol);
});

test('both axes of values are logarithmic, with numbers among the values', () => {
  const { yaxis, yaxis2 } = runCurves([first, second]).layout;
  for (const axis of [yaxis!, yaxis2!]) {
    assert.equal(axis.type, 'log');
    assert.ok(axis.tickvals!.length >= 2);
  }
});

test('the legend names each run once, with the settings that differ', () => {
  const shown = traces(runCurves([first, second])).filter(({ showlegend }) => showlegend !== false);
  assert.deepEqual(
    shown.map(({ name }) => name),
    ['first: learningRate 0.001', 'second: learningRate 0.003 → 0.0003'],
  );
});

test('the legend also names a run without a test, leaves out what a run does not have, and takes names as they are', () => {
  const untested = sampleRun('<b>', { cell: { kind: 'gru' } }, [], { ...sampleHistory(1, 50), test: [] });
  const other = sampleRun('other', { cell: { kind: 'lstm', peepholes: true } });
  const shown = traces(runCurves([untested, other])).filter(({ showlegend }) => showlegend !== false);
  assert.deepEqual(
    shown.map(({ name }) => name),
    ['&lt;b>: cell.kind gru', 'other: cell.kind lstm, cell.peepholes true'],
  );
});

test('a triangle on the smoothed loss marks where settings were changed', () => {
  const [loss, , mark, ...rest] = traces(runCurves([second]));
  assert.equal(mark.marker.symbol, 'triangle-down');
  assert.deepEqual(mark.x, [300]);
  assert.deepEqual(mark.y, [loss.y[299]]);
  assert.deepEqual(mark.text, ['learningRate 0.0003 after step 300']);
  assert.equal(rest.length, 0);
  const early = { step: 0, epoch: 0, set: { dropout: 0.1 }, seconds: 0 };
  const [earlyLoss, , earlyMark] = traces(runCurves([sampleRun('early', {}, [early])]));
  assert.deepEqual([earlyMark.x, earlyMark.y], [[0], [earlyLoss.y[0]]]);
});

test('epochs or seconds can be the axis', () => {
  const [bySeconds] = traces(runCurves([first], { xAxis: 'seconds', smoothing: 0 }));
  assert.deepEqual(
    bySeconds.x,
    first.train.map(({ seconds }) => round(seconds)),
  );
  const [loss, tested] = traces(runCurves([first], { xAxis: 'epoch' }));
  assert.deepEqual([loss.x[0], loss.x[249], loss.x[250], loss.x[499]], [0.004, 1, 1.004, 2]);
  assert.deepEqual(tested.x, [0.8, 1.6]);
});

test('an epoch that is not over is as long as the one before', () => {
  const history = sampleHistory(2, 250);
  const train = history.train.slice(0, 300);
  const [loss] = traces(runCurves([sampleRun('stopped', {}, [], { train, test: [] })], { xAxis: 'epoch' }));
  assert.equal(loss.x[299], 1.2);
});

test('ten long runs stay under 500 kB', () => {
  const runs = Array.from({ length: 10 }, (_, i) => sampleRun(`run${i}`, { seed: i }, [], sampleHistory(20)));
  const figure = runCurves(runs);
  assert.ok(traces(figure).every(({ x }) => x.length <= 600));
  assert.ok(JSON.stringify(figure).length < 500_000);
});

test('no two of thirty runs look the same', () => {
  const runs = Array.from({ length: 30 }, (_, i) => sampleRun(`run${i}`, {}, [], sampleHistory(1, 200)));
  const tested = traces(runCurves(runs)).filter(({ mode }) => mode === 'lines+markers');
  assert.equal(new Set(tested.map(({ line }) => `${String(line.color)} ${line.dash}`)).size, 30);
});

for (const page of ['#ffffff', '#111111']) {
  test(`every line stands out from ${page}`, () => {
    for (const color of lineStyles.colors) {
      const [darker, lighter] = [luminance(color), luminance(page)].sort((a, b) => a - b);
      assert.ok((lighter + 0.05) / (darker + 0.05) >= 3, color);
    }
  });
}

/** WCAG 2.2 */
function luminance(color: string): number {
  const [r, g, b] = channels(color)
    .map(value => value / 255)
    .map(value => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

test('the description names each run with its last numbers and changes', () => {
  const description = describeFigure(runCurves([first, second]));
  assert.match(
    description,
    /^Training curves of 2 runs\. first: learningRate 0\.001: training loss \S+ at step 500, test/,
  );
  assert.match(
    description,
    /second: .* test error \d+\.\d\d % at step 400, learningRate 0\.0003 after step 300$/,
  );
});

test('a run without a step is drawn too, and the runs stay as they are', () => {
  const empty = sampleRun('empty', {}, [{ step: 0, epoch: 0, set: { dropout: 0 }, seconds: 0 }], {
    train: [],
    test: [],
  });
  assert.match(describeFigure(runCurves([empty])), /empty: /);
  runCurves(deepFreeze([first, second, empty]));
});

test('a smoothing that is no weight, and no run at all, are refused', () => {
  for (const smoothing of [-0.1, 1, NaN]) {
    assert.throws(() => runCurves([first], { smoothing }), /Expected a smoothing from 0 to below 1/);
  }
  assert.throws(() => runCurves([]), /Expected at least one run/);
});
