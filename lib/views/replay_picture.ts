/**
 * A replay at one step as an SVG. It looks as the figure of `rowReplay`, but Plotly takes 200 ms to draw that without a
 * browser, too long for a picture that follows a slider.
 */
import { coverPath } from '../charts/inside/cover';
import { stripsOf } from '../charts/inside/replay_strips';
import { digitPng, nameOfClass } from '../charts/parts/digit';
import { byActivity, largestIn } from '../charts/parts/matrix';
import { stripPng } from '../charts/parts/strip';
import { colors, fontFamily, fontSize } from '../charts/parts/theme';
import { round } from '../base/format';
import { range } from '../base/range';
import { indexOfLargest } from '../base/statistics';
import { escapeHtml } from '../base/text';
import type { Replay } from '../inspect/replay';

/** Sizes and places in pixels. */
const width = 740;
const digit = { x: 30, y: 24, size: 168 };
const bars = { x: 260, y: 44, width: 470, height: 130 };
const plot = { x: 30, width: 700 };
const curvesTop = 232;
const curvesHeight = 110;
const stripHeight = 56;
const stripPitch = 82;
/** A class that was never this likely has no line of its own. */
const likely = 0.02;

/** What a picture shows of a replay. */
export interface ReplayPictureOptions {
  /** Which of the replay's layers shows its state and gates. */
  readonly layer: number;
  /** Stands above the image, as plain text. */
  readonly title: string;
  readonly classNames?: readonly string[];
}

/**
 * What stays the same at all steps is drawn once.
 * @returns the SVG at a step, 0 for the first
 */
export function replayPicture(
  record: Replay,
  { layer, title, classNames }: ReplayPictureOptions,
): (step: number) => string {
  const { numSteps, reads, probabilities, image } = record;
  const strips = stripsOf(record.layers[layer]);
  const bottom = curvesTop + curvesHeight + strips.length * stripPitch;
  const height = bottom + 44;
  const xOf = (t: number) => round(plot.x + ((t + 0.5) / numSteps) * plot.width);
  const pixel = digit.size / Math.max(image.rows, image.columns);
  const place = { x: digit.x, y: digit.y, width: pixel * image.columns, height: pixel * image.rows };
  const names = range(probabilities[0].length).map(label => nameOfClass(label, classNames));
  const fixed = [
    text(digit.x, 16, title),
    picture(digitPng({ ...image, label: image.label ?? 0 }, 0, image.rows - 1, 1), place),
    curves(record, xOf),
    ...strips.flatMap((strip, i) => {
      const y = curvesTop + curvesHeight + i * stripPitch + 26;
      const source = stripPng(strip.matrix, byActivity(strip.matrix), largestIn(strip.matrix), {
        width: 1,
        height: 1,
      });
      return [
        text(plot.x, y - 6, strip.title),
        picture(source, { x: plot.x, y, width: plot.width, height: stripHeight }),
      ];
    }),
    text(plot.x, curvesTop - 6, 'probability'),
    ...ticks(numSteps).map(t => text(xOf(t), bottom + 18, String(t + 1), 'middle')),
    text(plot.x + plot.width / 2, bottom + 38, 'time step', 'middle'),
  ].join('');
  return step => {
    const cover = coverPath(reads, step, image.columns, { x: digit.x, y: digit.y, pixel });
    const line = `M${xOf(step)},${curvesTop}V${bottom}`;
    return (
      `<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 ${width} ${height}" width="${width}" ` +
      `style="max-width: 100%; height: auto; font: ${fontSize}px ${fontFamily}" fill="${colors.text}">` +
      `<title>${escapeHtml(sentence(record, step, title, names))}</title>${fixed}` +
      `<path d="${cover}" opacity="0.9"/><path d="${line}" stroke="${colors.text}" stroke-width="2"/>` +
      `${barsAt(record, step, names)}</svg>`
    );
  };
}

interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function picture(source: string, { x, y, width: wide, height }: Place): string {
  return (
    `<image href="${source}" x="${x}" y="${y}" width="${wide}" height="${height}" preserveAspectRatio="none" ` +
    'style="image-rendering: pixelated"/>'
  );
}

function text(x: number, y: number, content: string, anchor: 'start' | 'middle' = 'start'): string {
  return `<text x="${x}" y="${y}" text-anchor="${anchor}">${escapeHtml(content)}</text>`;
}

/** About ten of them. */
function ticks(numSteps: number): number[] {
  const every = [1, 2, 5, 10, 20, 50, 100, 200].find(each => numSteps / each <= 10) ?? 500;
  return range(Math.floor(numSteps / every)).map(i => (i + 1) * every - 1);
}

/** The right class is blue, the answer at the end vermilion if it is another, all others thin. */
function curves({ numSteps, probabilities, prediction, image }: Replay, xOf: (t: number) => number): string {
  const right = image.label ?? prediction;
  const rank = (label: number) => (label === right ? 2 : label === prediction ? 1 : 0);
  const drawn = range(probabilities[0].length)
    .filter(label => rank(label) > 0 || probabilities.some(step => step[label] >= likely))
    .sort((a, b) => rank(a) - rank(b));
  const frame = `<rect x="${plot.x}" y="${curvesTop}" width="${plot.width}" height="${curvesHeight}" fill="none" stroke="${colors.grid}"/>`;
  const lines = drawn.map(label => {
    const points = range(numSteps).map(
      t => `${xOf(t)},${round(curvesTop + (1 - probabilities[t][label]) * curvesHeight)}`,
    );
    const color = [colors.text, colors.vermilion, colors.blue][rank(label)];
    return `<polyline points="${points.join(' ')}" fill="none" stroke="${color}" stroke-width="${rank(label) > 0 ? 3 : 1}"/>`;
  });
  return frame + lines.join('');
}

/** What the network would answer if the image ended after this step. */
function barsAt({ probabilities, image: { label } }: Replay, step: number, names: readonly string[]): string {
  const values = probabilities[step];
  const answer = indexOfLargest(values);
  const pitch = bars.width / values.length;
  const floor = bars.y + bars.height;
  const drawn = names.map((name, i) => {
    const color = i === (label ?? answer) ? colors.blue : i === answer ? colors.vermilion : colors.sky;
    const height = round(values[i] * bars.height);
    const [left, middle] = [round(bars.x + (i + 0.1) * pitch), round(bars.x + (i + 0.5) * pitch)];
    const share =
      values[i] >= 0.005
        ? text(middle, floor - height - 5, String(Math.round(100 * values[i])), 'middle')
        : '';
    return (
      `<rect x="${left}" y="${floor - height}" width="${round(0.8 * pitch)}" height="${height}" fill="${color}"/>` +
      share + text(middle, floor + 17, name, 'middle') // prettier-ignore
    );
  });
  return text(bars.x, 16, 'if the image ended here (%)') + drawn.join('');
}

function sentence(
  { probabilities, numSteps }: Replay,
  step: number,
  title: string,
  names: readonly string[],
): string {
  const answer = indexOfLargest(probabilities[step]);
  const share = Math.round(100 * probabilities[step][answer]);
  return `${title}; after step ${step + 1} of ${numSteps} the network says ${names[answer]} with ${share} %`;
}
