/** The sizes and places that a browser would know, computed without one: as much of it as Plotly's layout asks for. */
import { textWidth } from '../base/text_width';

/** What is used here of an element of the page; the types of the browser are not among this project's. */
export interface SvgElement {
  readonly tagName: string;
  readonly style: { readonly fontSize: string };
  readonly textContent: string;
  readonly parentElement: SvgElement | null;
  getAttribute(name: string): string | null;
  querySelectorAll(selector: string): Iterable<SvgElement>;
}

interface Point {
  x: number;
  y: number;
}

/** As parts of the font size: Helvetica's highest and lowest point from the base line, and Plotly's line spacing. */
const ascent = 0.905;
const descent = 0.212;
const lineSpacing = 1.3;

/**
 * The box round all text in an element, in pixels of the element's own coordinates: for Plotly's layout, in place of
 * the browser's getBBox and getBoundingClientRect. Elements without text have an empty box.
 */
export function boxOf(element: SvgElement) {
  const texts = element.tagName === 'text' ? [element] : [...element.querySelectorAll('text')];
  const corners = texts.flatMap(text => textCorners(text).map(corner => moveUpTo(element, text, corner)));
  if (corners.length === 0) corners.push({ x: 0, y: 0 });
  const xs = corners.map(({ x }) => x);
  const ys = corners.map(({ y }) => y);
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  return { x: left, y: top, left, right, top, bottom, width: right - left, height: bottom - top };
}

/** Width of an element's text in one line, in pixels. */
export function textLength(element: SvgElement): number {
  return textWidth(element.textContent, fontSizeOf(element));
}

/** Length of a straight path, "M1,2L3,4", in pixels; Plotly asks for it in order to place the head of an arrow. */
export function pathLength(path: SvgElement): number {
  const [from, to] = pathEnds(path);
  return Math.hypot(to.x - from.x, to.y - from.y);
}

/** The point that lies `length` pixels after the start of a straight path. */
export function pointOnPath(path: SvgElement, length: number): Point {
  const [from, to] = pathEnds(path);
  const share = length / (pathLength(path) || 1);
  return { x: from.x + share * (to.x - from.x), y: from.y + share * (to.y - from.y) };
}

function pathEnds(path: SvgElement): [Point, Point] {
  const [x0, y0, x1, y1] = (path.getAttribute('d') ?? '').match(/-?[\d.]+/g)?.map(Number) ?? [0, 0, 0, 0];
  return [
    { x: x0, y: y0 },
    { x: x1, y: y1 },
  ];
}

function textCorners(text: SvgElement): Point[] {
  const fontSize = fontSizeOf(text);
  const tspans = [...text.querySelectorAll('tspan.line')];
  const lines = tspans.length > 0 ? tspans : [text];
  const width = Math.max(...lines.map(line => textWidth(line.textContent, fontSize)));
  const shift = { middle: width / 2, end: width }[text.getAttribute('text-anchor') ?? ''] ?? 0;
  const left = Number(text.getAttribute('x')) - shift;
  const baseLine = Number(text.getAttribute('y'));
  const top = baseLine - ascent * fontSize;
  const bottom = baseLine + ((lines.length - 1) * lineSpacing + descent) * fontSize;
  return [left, left + width].flatMap(x => [top, bottom].map(y => ({ x, y })));
}

/** Font sizes are inherited: the nearest one that is written down. */
function fontSizeOf(element: SvgElement): number {
  for (let at: SvgElement | null = element; at; at = at.parentElement) {
    if (at.style.fontSize) return parseFloat(at.style.fontSize);
  }
  return 12; // Plotly's default
}

/** From the coordinates of a text to those of an element round it, through the transforms between. */
function moveUpTo(outer: SvgElement, text: SvgElement, point: Point): Point {
  let moved = point;
  for (let at: SvgElement | null = text; at && at !== outer; at = at.parentElement) {
    moved = transform(at.getAttribute('transform') ?? '', moved);
  }
  return moved;
}

/** Plotly writes only translate(x, y) and rotate(degrees, x, y); the last one acts first. */
function transform(list: string, point: Point): Point {
  const steps = [...list.matchAll(/(\w+)\(([^)]*)\)/g)].reverse();
  return steps.reduce(({ x, y }, [, name, numbers]) => {
    const [a, b = 0, c = 0] = numbers.split(/[ ,]+/).map(Number);
    if (name === 'translate') return { x: x + a, y: y + b };
    const angle = (a * Math.PI) / 180;
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    return { x: b + cos * (x - b) - sin * (y - c), y: c + sin * (x - b) + cos * (y - c) };
  }, point);
}
