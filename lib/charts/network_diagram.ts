import type { Annotations, Shape } from 'plotly.js';
import { UserError } from '../base/errors';
import { arrow, frame, sheet, textAt, type Box } from './parts/drawing';
import { createFigure, type Figure } from './figure';
import { colors } from './parts/theme';

/** Options of `networkDiagram`. */
export interface NetworkDiagramOptions {
  /** Cells on top of each other. */
  numLayers: number;
  /** Time steps. */
  numSteps: number;
  /** What of the image is read at a time step. Default `row`. */
  stepName?: string;
  /** What stands in a cell's box. Default `cell`. */
  cellName?: string;
}

/** Sizes in pixels. */
const box = { width: 76, height: 34 };
const step = { x: 124, y: 66 };
const left = 96;
const top = 70;

/**
 * Many to one: the network unrolled in time, from left to right. Each row of the image, or what else is read of it,
 * goes in at its time step; the state goes to the right, the output up to the next layer; only the last output of the top layer is used.
 * @throws UserError if a number is not a positive integer
 */
export function networkDiagram({
  numLayers,
  numSteps,
  stepName = 'row',
  cellName = 'cell',
}: NetworkDiagramOptions): Figure {
  for (const [name, value] of Object.entries({ numLayers, numSteps })) {
    if (!Number.isInteger(value) || value < 1) {
      throw new UserError(`Expected a positive integer as ${name}, found ${value}`);
    }
  }
  const times = shownTimes(numSteps);
  const height = top + (numLayers + 1) * step.y;
  const width = left + times.length * step.x + 150;
  const columnOf = (i: number) => left + i * step.x;
  const rowOf = (layer: number) => top + (numLayers - 1 - layer) * step.y;
  const inputY = rowOf(-1);

  const shapes: Partial<Shape>[] = [];
  const annotations: Partial<Annotations>[] = [];
  times.forEach((time, i) => {
    const x = columnOf(i);
    const middle = x + box.width / 2;
    if (time === undefined) {
      for (let layer = -1; layer < numLayers; layer++) annotations.push(centred('…', place(x, rowOf(layer))));
    } else {
      annotations.push(
        centred(`${stepName} ${time}`, place(x, inputY)),
        arrow(middle, inputY + 4, middle, rowOf(0) + box.height),
      );
    }
    for (let layer = 0; layer < numLayers; layer++) {
      const at = place(x, rowOf(layer));
      if (time !== undefined) {
        shapes.push(frame(at, colors.blue, 2));
        annotations.push(centred(cellName, at));
        if (layer > 0) annotations.push(arrow(middle, rowOf(layer - 1), middle, at.y + box.height));
      }
      if (i > 0)
        annotations.push(arrow(x - step.x + box.width, at.y + box.height / 2, x, at.y + box.height / 2));
    }
  });
  for (let layer = 0; layer < numLayers; layer++) {
    const y = rowOf(layer) + box.height / 2;
    annotations.push(textAt(left - 16, y, `layer ${layer + 1}`, { xanchor: 'right', yanchor: 'middle' }));
  }
  annotations.push(
    textAt(left - 16, inputY + box.height / 2, 'image', { xanchor: 'right', yanchor: 'middle' }),
  );
  annotations.push(...lastOutput(columnOf(times.length - 1) + box.width / 2, rowOf(numLayers - 1)));
  const description = `Network unrolled over ${numSteps} time steps, ${numLayers} layers: the last output names the class`;
  return createFigure({ data: [], layout: { ...sheet(description, width, height), shapes, annotations } });
}

/** The first and the last time steps; undefined stands for those between. */
function shownTimes(numSteps: number): (number | undefined)[] {
  if (numSteps <= 5) return Array.from({ length: numSteps }, (_, i) => i + 1);
  return [1, 2, 3, undefined, numSteps];
}

function place(x: number, y: number): Box {
  return { x, y, ...box };
}

function centred(text: string, { x, y, width, height }: Box): Partial<Annotations> {
  return textAt(x + width / 2, y + height / 2, text, { xanchor: 'center', yanchor: 'middle' });
}

/** Up from the last cell of the top layer, and to the right through the linear layer. */
function lastOutput(x: number, y: number): Partial<Annotations>[] {
  return [
    arrow(x, y, x, y - 30, colors.vermilion),
    textAt(x, y - 32, 'linear + softmax → class', { xanchor: 'center', yanchor: 'bottom' }),
  ];
}
