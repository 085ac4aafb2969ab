import { round } from '../../lib/base/format';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PlotData } from 'plotly.js';
import { describeFigure, errorCurves, type Figure } from '../../lib/charts';
import { deepFreeze, sampleHistory } from './samples';

const traces = ({ data }: Figure) => data as PlotData[];
const title = (axis?: { title?: unknown }) => (axis?.title as { text: string }).text;

test('without smoothing the curves are the records, rounded', () => {
  const history = sampleHistory(1, 250);
  const [loss, trainError, testError] = traces(errorCurves(history, { smoothing: 0 }));
  const steps = history.train.map(({ step }) => step);
  assert.deepEqual(loss.x, steps);
  assert.deepEqual(
    loss.y,
    history.train.map(point => round(point.loss)),
  );
  assert.deepEqual(trainError.x, steps);
  assert.deepEqual(
    trainError.y,
    history.train.map(point => round(point.errorRate)),
  );
  assert.deepEqual(testError.x, [200]);
  assert.deepEqual(
    testError.y,
    history.test.map(point => round(point.testError)),
  );
});

test('the loss has the upper panel, both error rates the lower, the step is common', () => {
  const { data, layout } = errorCurves(sampleHistory(1, 250), { smoothing: 0 });
  assert.deepEqual(
    (data as PlotData[]).map(({ yaxis }) => yaxis),
    ['y', 'y2', 'y2'],
  );
  assert.ok(layout.yaxis!.domain![0] > layout.yaxis2!.domain![1]);
  assert.equal(title(layout.xaxis), 'training step');
  assert.equal(title(layout.yaxis), 'loss (nats)');
  assert.equal(title(layout.yaxis2), 'error rate (%)');
  assert.match(layout.yaxis2!.tickformat!, /%$/);
});

test('smoothing puts the raw values faintly behind a curve that starts with the first value', () => {
  const history = sampleHistory(1, 250);
  const [raw, smoothed] = traces(errorCurves(history, { smoothing: 0.9 }));
  assert.ok(raw.opacity < 1);
  assert.deepEqual(
    raw.y,
    history.train.map(point => round(point.loss)),
  );
  assert.equal(smoothed.y[0], round(history.train[0].loss));
  assert.equal(smoothed.y.length, 250);
  const spread = (values: PlotData['y']) => {
    const steps = (values as number[]).slice(1).map((value, i) => Math.abs(value - (values as number[])[i]));
    return steps.reduce((sum, step) => sum + step, 0);
  };
  assert.ok(spread(smoothed.y) < 0.3 * spread(raw.y));
});

test('test and train differ by more than colour', () => {
  const [, train, , , tested] = traces(errorCurves(sampleHistory()));
  assert.notEqual(train.line.dash, tested.line.dash);
  assert.equal(tested.mode, 'lines+markers');
});

test('each further epoch has a line at its first step, and each epoch its name', () => {
  const { layout } = errorCurves(sampleHistory(3, 859));
  assert.deepEqual(
    layout.shapes!.map(({ x0 }) => x0),
    [860, 1719],
  );
  assert.deepEqual(
    layout.annotations!.map(({ text }) => text),
    ['epoch 0', 'epoch 1', 'epoch 2'],
  );
});

test('of many epochs only some have a name', () => {
  const { layout } = errorCurves(sampleHistory(60, 20));
  assert.ok(layout.annotations!.length <= 10);
  assert.deepEqual(
    layout.annotations!.slice(0, 2).map(({ text }) => text),
    ['epoch 0', '6'],
  );
});

test('time can be the axis', () => {
  const history = sampleHistory(1, 250);
  const { data, layout } = errorCurves(history, { smoothing: 0, xAxis: 'seconds' });
  assert.deepEqual(
    (data[0] as PlotData).x,
    history.train.map(({ seconds }) => round(seconds)),
  );
  assert.match(title(layout.xaxis), /\(s\)$/);
});

test('the scale is logarithmic unless asked otherwise', () => {
  assert.equal(errorCurves(sampleHistory()).layout.yaxis!.type, 'log');
  assert.equal(errorCurves(sampleHistory(), { scale: 'linear' }).layout.yaxis2!.type, 'linear');
});

test('the first few steps have numbers at their axes, though all values are about the same', () => {
  const { layout } = errorCurves(sampleHistory(1, 5));
  for (const axis of [layout.yaxis!, layout.yaxis2!]) assert.ok(axis.tickvals!.length >= 2);
  const losses = sampleHistory(1, 5).train.map(({ loss }) => loss);
  const [lowest, highest] = [Math.min(...losses), Math.max(...losses)];
  const inside = (layout.yaxis!.tickvals as number[]).filter(tick => tick >= lowest && tick <= highest);
  assert.ok(inside.length >= 2, `${lowest} to ${highest}: ${inside.join()}`);
});

test('three epochs stay under 200 kB, a hundred as well, with every step of the three', () => {
  const three = errorCurves(sampleHistory(3));
  assert.equal(traces(three)[1].x.length, 3 * 859);
  assert.ok(JSON.stringify(three).length < 200_000);
  assert.ok(JSON.stringify(errorCurves(sampleHistory(100))).length < 200_000);
});

test('the description tells the last numbers', () => {
  const history = sampleHistory(1, 400);
  const description = describeFigure(errorCurves(history));
  assert.match(description, /step 400/);
  assert.ok(description.includes(`${(history.test[1].testError * 100).toFixed(2)} %`));
});

test('nothing measured yet is a figure too', () => {
  const figure = errorCurves({ train: [], test: [] });
  assert.match(describeFigure(figure), /no steps yet/);
});

test('the history stays as it is', () => {
  errorCurves(deepFreeze(sampleHistory(1, 250)));
});

test('a smoothing that is no weight is refused', () => {
  for (const smoothing of [-0.1, 1, NaN]) {
    assert.throws(
      () => errorCurves(sampleHistory(1, 10), { smoothing }),
      /Expected a smoothing from 0 to below 1/,
    );
  }
});
