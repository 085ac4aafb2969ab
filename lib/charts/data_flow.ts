/** How a cell computes: what flows where in one time step, as a drawing. */
import type { Annotations, Shape } from 'plotly.js';
import { UserError } from '../base/errors';
import { arrow, sheet, textAt, type Box } from './parts/drawing';
import { createFigure, type Figure } from './figure';
import { textWidth } from '../base/text_width';
import { colors, fontSize } from './parts/theme';

/**
 * @example
 * const basic: DataFlow = {
 *   title: 'basic RNN',
 *   grid: ['h .   .', '. mix h′', 'x .   .'],
 *   layers: { mix: 'tanh([x, h] W + b)' },
 *   arrows: ['h > mix > h′', 'x > mix'],
 * };
 */
export interface DataFlow {
  /** What it shows, in a few words: for readers who cannot see it. */
  readonly title: string;
  /** The names of the nodes, where they stand; `.` is an empty place. Names that are explained nowhere are values. */
  readonly grid: readonly string[];
  /** Boxes with weights: what stands in them, in one or more lines. */
  readonly layers?: Readonly<Record<string, string>>;
  /** Circles without weights, which act element by element: `⊙`, `+`, `1−`. */
  readonly operations?: Readonly<Record<string, string>>;
  /** Values that stand there under another name. */
  readonly values?: Readonly<Record<string, string>>;
  /** `h > keep > add` are two arrows; `c ~> f` is one that only some variants have. */
  readonly arrows: readonly string[];
}

type Kind = 'value' | 'layer' | 'operation';

interface Node extends Box {
  readonly kind: Kind;
  readonly text: string;
}

/** Sizes in pixels. */
const step = { x: 104, y: 58 };
const margin = 12;
const lineHeight = 17;
const diameter = 28;

/**
 * Values as plain text, what has weights in blue boxes, operations element by element in circles. What only some
 * variants have is orange.
 * @throws UserError for an arrow to or from a node that does not stand in the grid
 */
export function dataFlow(flow: DataFlow): Figure {
  const nodes = placeNodes(flow);
  const lines = flow.grid.map(names);
  const width = Math.max(...lines.map(line => line.length)) * step.x + 2 * margin;
  const height = lines.length * step.y + 2 * margin;
  const arrows = flow.arrows.flatMap(chain => readChain(chain, nodes));
  return createFigure({
    data: [],
    layout: {
      ...sheet(`Data flow in one time step: ${flow.title}`, width, height),
      shapes: [...nodes.values()].filter(({ kind }) => kind !== 'value').map(outline),
      annotations: [
        ...arrows.map(({ from, to, optional }) =>
          connect(from, to, optional ? colors.vermilion : colors.text),
        ),
        ...[...nodes.values()].map(label),
      ],
    },
  });
}

const names = (line: string) => line.trim().split(/\s+/);

function placeNodes({ grid, layers = {}, operations = {}, values = {} }: DataFlow): Map<string, Node> {
  const nodes = new Map<string, Node>();
  grid.forEach((line, row) => {
    names(line).forEach((name, column) => {
      if (name === '.') return;
      const kind = name in layers ? 'layer' : name in operations ? 'operation' : 'value';
      const text = { ...values, ...operations, ...layers }[name] ?? name;
      const { width, height } = sizeOf(kind, text);
      const middle = { x: margin + (column + 0.5) * step.x, y: margin + (row + 0.5) * step.y };
      nodes.set(name, { kind, text, x: middle.x - width / 2, y: middle.y - height / 2, width, height });
    });
  });
  return nodes;
}

function sizeOf(kind: Kind, text: string): { width: number; height: number } {
  if (kind === 'operation')
    return { width: Math.max(textWidth(text, fontSize) + 12, diameter), height: diameter };
  const lines = text.split('\n');
  const width = Math.max(...lines.map(line => textWidth(line, fontSize)));
  const [padding, height] = [kind === 'layer' ? 16 : 6, lines.length * lineHeight];
  return { width: Math.max(width + padding, 20), height: height + (kind === 'layer' ? 12 : 4) };
}

function readChain(chain: string, nodes: ReadonlyMap<string, Node>) {
  const parts = chain.trim().split(/\s+/);
  const found = (name: string) => {
    const node = nodes.get(name);
    if (!node)
      throw new UserError(`Expected nodes of the grid in '${chain}', found ${name}: put it into the grid`);
    return node;
  };
  return parts.flatMap((part, i) =>
    part === '>' || part === '~>'
      ? [{ from: found(parts[i - 1]), to: found(parts[i + 1]), optional: part === '~>' }]
      : [],
  );
}

function outline({ kind, x, y, width, height }: Node): Partial<Shape> {
  const corners = { x0: x, y0: y, x1: x + width, y1: y + height };
  return kind === 'layer'
    ? { type: 'rect', ...corners, line: { color: colors.blue, width: 2 } }
    : { type: 'circle', ...corners, line: { color: colors.text, width: 1.5 } };
}

function label({ text, x, y, width, height }: Node): Partial<Annotations> {
  return textAt(x + width / 2, y + height / 2, text.split('\n'), { xanchor: 'center', yanchor: 'middle' });
}

/** From edge to edge, on the line between the middles. */
function connect(from: Node, to: Node, color: string): Partial<Annotations> {
  const [start, end] = [edge(from, to, 1), edge(to, from, 3)];
  return arrow(start.x, start.y, end.x, end.y, color);
}

/** Where the line to the other node leaves this one, and some pixels further. */
function edge(node: Node, other: Node, gap: number): { x: number; y: number } {
  const middle = { x: node.x + node.width / 2, y: node.y + node.height / 2 };
  const [dx, dy] = [other.x + other.width / 2 - middle.x, other.y + other.height / 2 - middle.y];
  const length = Math.hypot(dx, dy);
  const [x, y] = [dx / (node.width / 2), dy / (node.height / 2)];
  const inside = 1 / (node.kind === 'operation' ? Math.hypot(x, y) : Math.max(Math.abs(x), Math.abs(y)));
  const share = inside + gap / length;
  return { x: middle.x + share * dx, y: middle.y + share * dy };
}
