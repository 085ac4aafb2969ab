/** Pictures side by side in which time goes down: the image, the probabilities, state and gates. */
import { byActivity, largestIn, type Matrix } from '../lib/charts/parts/matrix';
import type { LayerReplay, Replay } from '../lib/inspect/read_image';
import { grey, paint, signed } from './colors';
import { element } from './dom';

export interface Panel {
  readonly figure: HTMLElement;
  /** Show what was read until this step, 0 for the first, and mark the step itself. */
  reveal(step: number): void;
}

/** The image as it is read: what is still to come is dark. */
export function imagePanel({ image, reads, numSteps }: Replay): Panel {
  const { figure, canvas, frame } = figureOf(`image, ${image.rows} × ${image.columns}`);
  frame.style.aspectRatio = `${image.columns} / ${image.rows}`;
  frame.classList.add('image');
  const readAt = new Uint16Array(image.pixels.length);
  reads.forEach((pixels, step) => pixels.forEach(pixel => (readAt[pixel] = Math.max(readAt[pixel], step))));
  return {
    figure,
    reveal(step) {
      paint(canvas, image.columns, image.rows, (x, y) => {
        const place = y * image.columns + x;
        if (readAt[place] === step && step < numSteps - 1) return signed(0.35 + image.pixels[place] / 400);
        const [r, g, b] = grey(image.pixels[place]);
        return [r, g, b, readAt[place] <= step ? 255 : 110];
      });
    },
  };
}

/** Numbers by step and unit. */
export function matrixPanel(
  name: string,
  matrix: Matrix,
  order: readonly number[],
  largest = largestIn(matrix),
): Panel {
  const { figure, canvas, frame } = figureOf(name);
  paint(canvas, order.length, matrix.length, (x, y) => signed(matrix[y][order[x]] / largest));
  const unread = element('div', { className: 'unread' });
  const marker = element('div', { className: 'marker' });
  frame.append(unread, marker);
  return {
    figure,
    reveal(step) {
      unread.style.top = `${(100 * (step + 1)) / matrix.length}%`;
      marker.style.top = `${(100 * step) / matrix.length}%`;
      marker.style.height = `${100 / matrix.length}%`;
    },
  };
}

/** State and gates of a layer, units in the order in which they are active. */
export function layerPanels({ state, gates }: LayerReplay): Panel[] {
  const states = Object.entries(state);
  const order = byActivity(states[0][1]);
  const panel = (name: string, matrix: Matrix) =>
    matrixPanel(name, matrix, matrix[0].length === order.length ? order : byActivity(matrix));
  return [
    ...states.map(([name, matrix]) => panel(`state ${name}`, matrix)),
    ...Object.entries(gates).map(([name, matrix]) => panel(`gate or candidate ${name}`, matrix)),
  ];
}

/** The probabilities, one column for each class. */
export function probabilityPanel(
  { probabilities }: Replay,
  settledAt: number,
  names: readonly string[],
): Panel {
  const order = Array.from(probabilities[0], (_, i) => i);
  const panel = matrixPanel('probability of each class', probabilities, order, 1);
  const settled = element('div', { className: 'settled', title: 'made up its mind' });
  settled.style.top = `${(100 * settledAt) / probabilities.length}%`;
  panel.figure.querySelector('.frame')?.append(settled);
  const columns = names.map(name => element('span', { textContent: name, title: name }));
  const below = element('div', { className: 'names' }, ...columns);
  below.setAttribute('aria-hidden', 'true');
  panel.figure.append(below);
  return panel;
}

function figureOf(name: string) {
  const canvas = element('canvas', { width: 1, height: 1 });
  canvas.setAttribute('aria-hidden', 'true'); // the slider says in words what it shows
  const frame = element('div', { className: 'frame' }, canvas);
  const figure = element('figure', {}, element('figcaption', { textContent: name }), frame);
  return { figure, canvas, frame };
}
