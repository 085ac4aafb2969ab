import type { History } from '../history';
import { changeLimit, describeChange } from './changes';
import { epochStarts } from './epochs';
import { logTicks, round, smooth, thin, type Point } from './series';
import { colors, fontFamily, fontSize } from './theme';

/** In pixels; as high as `errorCurves`, which takes its place when training has ended. */
const size = { width: 760, height: 520 };
const plot = { left: 70, right: 730, panels: { loss: [40, 250], error: [280, 480] } } as const;

/** Few points: it is drawn some times a second, and seen for less than that. */
const rawLimit = 250;
const curveLimit = 400;

type Scale = (value: number) => number;

/**
 * The curves of a training that goes on, as an SVG drawing that takes a few milliseconds: the loss above, the error
 * rates below, on logarithmic axes. The horizontal axis has room for a hundred steps, then for twice as many each time
 * that they are full, and at last for all.
 * @param totalSteps of the whole training
 * @param smoothing weight of the past in the moving average, as for `errorCurves`
 */
export function liveCurves(history: History, totalSteps: number, smoothing = 0.95): string {
  const loss = history.train.map(({ step, loss }) => ({ x: step, y: loss }));
  const trainError = history.train.map(({ step, errorRate }) => ({ x: step, y: errorRate }));
  const testError = history.test.map(({ step, testError }) => ({ x: step, y: testError }));
  const room = 100 * 2 ** Math.max(0, Math.ceil(Math.log2(history.train.length / 100)));
  const end = Math.max(1, Math.min(totalSteps, room));
  const x = linear([0, end], [plot.left, plot.right]);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" width="${size.width}" ` +
      `style="max-width: 100%" role="img" font-family="${fontFamily}" font-size="${fontSize}" fill="${colors.text}">`,
    `<title>Training curves until step ${history.train.length} of ${totalSteps}</title>`,
    ...epochMarks(history, x),
    ...(history.changes ?? [])
      .slice(-changeLimit)
      .map(change => mark(x(change.step), describeChange(change))),
    ...panel('loss (nats)', plot.panels.loss, x, [loss], String, smoothing),
    ...panel('error rate (%)', plot.panels.error, x, [trainError, testError], percent, smoothing),
    ...stepAxis(x, end),
    '</svg>',
  ].join('');
}

function panel(
  title: string,
  [top, bottom]: readonly [number, number],
  x: Scale,
  [train, test = []]: Point[][],
  format: (value: number) => string,
  smoothing: number,
): string[] {
  const values = [...train, ...test].map(({ y }) => y).filter(value => value > 0);
  const [lowest, highest] = values.reduce(
    ([low, high], y) => [Math.min(low, y), Math.max(high, y)],
    [1, 1e-9],
  );
  const log = linear([Math.log(lowest / 1.1), Math.log(highest * 1.1)], [bottom, top]);
  const y: Scale = value => log(Math.log(Math.max(value, lowest / 1.1)));
  const ticks = logTicks(values).filter(tick => tick >= lowest / 1.1 && tick <= highest * 1.1);
  const middle = (top + bottom) / 2;
  return [
    ...ticks.map(
      tick =>
        `<path d="M${plot.left},${fixed(y(tick))}H${plot.right}" stroke="${colors.grid}"/>` +
        `<text x="${plot.left - 8}" y="${fixed(y(tick) + 4)}" text-anchor="end">${format(tick)}</text>`,
    ),
    `<text transform="translate(18,${middle}) rotate(-90)" text-anchor="middle">${title}</text>`,
    path(thin(train, rawLimit), x, y, `stroke="${colors.sky}" opacity="0.35"`),
    path(thin(smooth(train, smoothing), curveLimit), x, y, `stroke="${colors.blue}" stroke-width="2"`),
    path(test, x, y, `stroke="${colors.vermilion}" stroke-width="2" stroke-dasharray="2 3"`),
    ...thin(test, curveLimit).map(
      point =>
        `<circle cx="${fixed(x(point.x))}" cy="${fixed(y(point.y))}" r="3.5" fill="${colors.vermilion}"/>`,
    ),
  ];
}

function path(points: readonly Point[], x: Scale, y: Scale, style: string): string {
  if (points.length === 0) return '';
  const line = points.map(point => `${fixed(x(point.x))},${fixed(y(point.y))}`).join('L');
  return `<path d="M${line}" fill="none" ${style}/>`;
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
    return mark(x(step), named ? `epoch ${epoch}` : '', 'dot');
  });
}

/** A line through both panels, with its name on top of the upper one, or along it. */
function mark(x: number, name: string, style?: 'dot'): string {
  const [top, bottom] = [plot.panels.loss[0], plot.panels.error[1]];
  const dashes =
    style === 'dot' ? `stroke="${colors.text}" stroke-dasharray="1 3"` : `stroke="${colors.vermilion}"`;
  const text =
    style === 'dot'
      ? `<text x="${fixed(x + 2)}" y="${top - 6}">${name}</text>`
      : `<text transform="translate(${fixed(x - 4)},${top + 4}) rotate(-90)" text-anchor="end">${name}</text>`;
  return `<path d="M${fixed(x)},${top}V${bottom}" ${dashes}/>${text}`;
}

function linear([from, to]: [number, number], [start, end]: [number, number]): Scale {
  const factor = to === from ? 0 : (end - start) / (to - from);
  return value => start + (value - from) * factor;
}

const fixed = (value: number) => value.toFixed(1);
const percent = (value: number) => String(round(value * 100));
