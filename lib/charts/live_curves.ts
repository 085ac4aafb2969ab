import { round } from '../base/format';
import type { History } from '../base/history';
import { textWidth } from '../base/text_width';
import { escapeHtml, textOf } from '../base/text';
import { boxLength, changeLimit, describeChange, placeChanges } from './parts/changes';
import { epochStarts } from './parts/epochs';
import { changingRates, rateColor } from './parts/rate';
import { smooth, type Point } from '../base/smooth';
import { logTicks, thin } from './parts/series';
import { averageColor, colors, fontFamily, fontSize } from './parts/theme';

/** In pixels; as high as `errorCurves`, which takes its place when training has ended. */
const size = { width: 760, height: 520 };
const plot = { left: 70, right: 730, panels: { loss: [40, 250], error: [280, 480] } } as const;

/** The numbers of the learning rate, right of the panels. */
const rateAxisWidth = 60;

/** Few points: it is drawn some times a second, and seen for less than that. */
const rawLimit = 250;
const curveLimit = 400;

type Scale = (value: number) => number;

/**
 * The curves of a training that goes on, as an SVG drawing that takes a few milliseconds: the loss above, the error
 * rates below, on logarithmic axes. The horizontal axis has room for a hundred steps, then for twice as many each time
 * that they are full, and at last for all. A learning rate that changes has an axis of its own, from zero, at the right
 * of the upper panel.
 * @param totalSteps of the whole training
 * @param smoothing weight of the past in the moving average, as for `errorCurves`
 */
export function drawLiveCurves(history: History, totalSteps: number, smoothing = 0.95): string {
  const loss = history.train.map(({ step, loss }) => ({ x: step, y: loss }));
  const trainError = history.train.map(({ step, errorRate }) => ({ x: step, y: errorRate }));
  const testError = history.test.map(({ step, testError }) => ({ x: step, y: testError }));
  const rates = changingRates(history.train).map(({ step, learningRate }) => ({ x: step, y: learningRate }));
  const averaged = history.test.flatMap(({ step, averageTestError: y }) =>
    y === undefined ? [] : [{ x: step, y }],
  );
  const room = 100 * 2 ** Math.max(0, Math.ceil(Math.log2(history.train.length / 100)));
  const end = Math.max(1, Math.min(totalSteps, room));
  const right = rates.length > 0 ? plot.right - rateAxisWidth : plot.right;
  const x = linear([0, end], [plot.left, right]);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" width="${size.width}" ` +
      `style="max-width: 100%" role="img" font-family="${fontFamily}" font-size="${fontSize}" fill="${colors.text}">`,
    `<title>Training curves until step ${history.train.length} of ${escapeHtml(totalSteps)}</title>`,
    ...legend(smoothing, { rate: rates.length > 0, average: averaged.length > 0 }),
    ...epochMarks(history, x),
    ...panel('loss (nats)', plot.panels.loss, x, [loss], String, smoothing),
    ...panel('error rate (%)', plot.panels.error, x, [trainError, testError, averaged], percent, smoothing),
    ...rateCurve(rates, x, right),
    ...stepAxis(x, end),
    ...changeMarks(history, x),
    '</svg>',
  ].join('');
}

function panel(
  title: string,
  [top, bottom]: readonly [number, number],
  x: Scale,
  [train, test = [], averaged = []]: Point[][],
  format: (value: number) => string,
  smoothing: number,
): string[] {
  const values = [...train, ...test, ...averaged].map(({ y }) => y).filter(value => value > 0);
  const [lowest, highest] = valueRange(values);
  const log = linear([Math.log(lowest), Math.log(highest)], [bottom, top]);
  const y: Scale = value => log(Math.log(Math.max(value, lowest)));
  const ticks = logTicks([lowest, highest]).filter(tick => tick >= lowest && tick <= highest);
  const middle = (top + bottom) / 2;
  return [
    ...ticks.map(
      tick =>
        `<path d="M${plot.left},${fixed(y(tick))}H${plot.right}" stroke="${colors.grid}"/>` +
        `<text x="${plot.left - 8}" y="${fixed(y(tick) + 4)}" text-anchor="end">${format(tick)}</text>`,
    ),
    `<text transform="translate(18,${middle}) rotate(-90)" text-anchor="middle">${escapeHtml(title)}</text>`,
    path(thin(train, rawLimit), x, y, `stroke="${colors.sky}" opacity="0.35"`),
    path(thin(smooth(train, smoothing), curveLimit), x, y, `stroke="${colors.blue}" stroke-width="2"`),
    path(test, x, y, `stroke="${colors.vermilion}" stroke-width="2" stroke-dasharray="2 3"`),
    path(averaged, x, y, `stroke="${averageColor}" stroke-width="2"`),
    ...thin(test, curveLimit).map(
      point =>
        `<circle cx="${fixed(x(point.x))}" cy="${fixed(y(point.y))}" r="3.5" fill="${colors.vermilion}"/>`,
    ),
  ];
}

/** With a margin, and never so narrow that the first steps, which hardly differ, look like leaps. */
function valueRange(values: readonly number[]): [number, number] {
  if (values.length === 0) return [0.1, 1];
  const [low, high] = values.reduce(([a, b], y) => [Math.min(a, y), Math.max(b, y)], [Infinity, 0]);
  const margin = Math.max(1.02, Math.sqrt((1.15 * low) / high), (high / low) ** 0.05);
  return [low / margin, high * margin];
}

function path(points: readonly Point[], x: Scale, y: Scale, style: string): string {
  if (points.length === 0) return '';
  const line = points.map(point => `${fixed(x(point.x))},${fixed(y(point.y))}`).join('L');
  return `<path d="M${line}" fill="none" ${style}/>`;
}

/** Dashed, over the loss. */
function rateCurve(rates: readonly Point[], x: Scale, right: number): string[] {
  if (rates.length === 0) return [];
  const [top, bottom] = plot.panels.loss;
  const highest = rates.reduce((most, { y }) => Math.max(most, y), 0);
  const y = linear([0, highest], [bottom, top]);
  const number = (value: number) =>
    `<text x="${right + 6}" y="${fixed(y(value) + 4)}" fill="${rateColor}">${Number(value.toPrecision(3))}</text>`;
  return [
    path(thin(rates, rawLimit), x, y, `stroke="${rateColor}" stroke-width="1.5" stroke-dasharray="6 3"`),
    ...[highest, 0].map(number),
  ];
}

function stepAxis(x: Scale, end: number): string[] {
  const [, bottom] = plot.panels.error;
  const power = 10 ** Math.floor(Math.log10(end / 2));
  const distance = [1, 2, 5].map(digit => digit * power).find(each => end / each <= 8) ?? 10 * power;
  const ticks = Array.from({ length: Math.floor(end / distance) + 1 }, (_, i) => i * distance);
  return [
    ...ticks.map(
      tick => `<text x="${fixed(x(tick))}" y="${bottom + 18}" text-anchor="middle">${tick}</text>`,
    ),
    `<text x="${(plot.left + plot.right) / 2}" y="${bottom + 36}" text-anchor="middle">training step</text>`,
  ];
}

/** Where names would run into each other, only some have a name. */
function epochMarks(history: History, x: Scale): string[] {
  let free = 0;
  return epochStarts(history).map(({ step, epoch }) => {
    const named = x(step) >= free;
    if (named) free = x(step) + 65;
    return mark(x(step), named ? `epoch ${textOf(epoch)}` : '');
  });
}

/** A line through both panels, with the epoch's name on top. */
function mark(x: number, name: string): string {
  const [top, bottom] = [plot.panels.loss[0], plot.panels.error[1]];
  return (
    `<path d="M${fixed(x)},${top}V${bottom}" stroke="${colors.text}" stroke-dasharray="1 3"/>` +
    `<text x="${fixed(x + 2)}" y="${top - 6}">${escapeHtml(name)}</text>`
  );
}

/** Above the curves, so that the names on their boxes can be read. */
function changeMarks(history: History, x: Scale): string[] {
  const [top, bottom] = [plot.panels.loss[0], plot.panels.error[1]];
  const marks = (history.changes ?? []).slice(-changeLimit).map(change => {
    const name = describeChange(change);
    return { x: x(change.step), name, length: boxLength(name) };
  });
  const starts = placeChanges(marks, plot.panels.loss[1] - top);
  return marks.map(
    ({ x, name, length }, i) =>
      `<path d="M${fixed(x)},${top}V${bottom}" stroke="${colors.vermilion}"/>` +
      `<g transform="translate(${fixed(x)},${fixed(top + starts[i])}) rotate(90)">` +
      `<rect x="0" y="-8" width="${fixed(length)}" height="16" rx="3" fill="${colors.slate}"/>` +
      `<text x="5" y="4.5" fill="${colors.onDark}">${escapeHtml(name)}</text></g>`,
  );
}

/** What the lines are, in one row above the panels. */
function legend(smoothing: number, also: { rate: boolean; average: boolean }): string[] {
  const entries = [
    { name: 'train, each batch', style: `stroke="${colors.sky}" opacity="0.5"` },
    { name: `train, smoothed ${smoothing}`, style: `stroke="${colors.blue}" stroke-width="2"` },
    {
      name: 'test, all images',
      style: `stroke="${colors.vermilion}" stroke-width="2" stroke-dasharray="2 3"`,
    },
    ...(also.average
      ? [{ name: 'test, averaged weights', style: `stroke="${averageColor}" stroke-width="2"` }]
      : []),
    ...(also.rate ? [{ name: 'learning rate', style: `stroke="${rateColor}" stroke-dasharray="6 3"` }] : []),
  ];
  const many = entries.length > 4;
  const [length, gap] = many ? [22, 12] : [30, 24];
  let left: number = many ? 8 : plot.left;
  return entries.map(({ name, style }) => {
    const line = `<path d="M${fixed(left)},10h${length}" ${style}/>`;
    const text = `<text x="${fixed(left + length + 6)}" y="14">${escapeHtml(name)}</text>`;
    left += length + 6 + textWidth(name, fontSize) + gap;
    return line + text;
  });
}

function linear([from, to]: [number, number], [start, end]: [number, number]): Scale {
  const factor = to === from ? 0 : (end - start) / (to - from);
  return value => start + (value - from) * factor;
}

const fixed = (value: number) => value.toFixed(1);
const percent = (value: number) => String(round(value * 100));
