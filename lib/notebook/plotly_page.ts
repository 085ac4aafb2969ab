import { readFileSync } from 'node:fs';
import type { Figure } from '../charts';
import { boxOf, pathLength, pointOnPath, textLength, type SvgElement } from './svg_geometry';

/** A page that is never shown, with Plotly in it. */
export interface PlotlyPage {
  JSON: typeof JSON;
  Plotly: { toImage(figure: Figure, options: ImageOptions): Promise<string> };
}

interface ImageOptions {
  format: 'svg';
  /** The SVG itself, not a data URI. */
  imageDataOnly: true;
  width: number;
  height: number;
}

interface Window extends PlotlyPage {
  URL: { createObjectURL?: () => string };
  SVGElement: { prototype: object };
  HTMLCanvasElement: { prototype: object };
  eval(program: string): void;
}

interface Jsdom {
  JSDOM: new (html: string, options: object) => { window: Window };
}

let page: PlotlyPage | undefined;

/** Loaded on the first call, which takes about a second; then kept. */
export function plotlyPage(): PlotlyPage {
  return (page ??= loadPage());
}

function loadPage(): PlotlyPage {
  // @types/jsdom needs a newer compiler than the notebooks have, so the types are above.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { JSDOM } = require('jsdom') as Jsdom;
  const { window } = new JSDOM('', { runScripts: 'outside-only', pretendToBeVisual: true });
  addWhatPlotlyNeeds(window);
  window.eval(readFileSync(require.resolve('plotly.js-dist/plotly.js'), 'utf8'));
  return window;
}

/** jsdom lays nothing out and draws nothing; Plotly asks for the sizes of texts and whether there is a canvas. */
function addWhatPlotlyNeeds(window: Window): void {
  window.URL.createObjectURL = () => '';
  Object.assign(window.HTMLCanvasElement.prototype, { getContext: () => null });
  Object.assign(window.SVGElement.prototype, {
    getBBox: asMethod(boxOf),
    getBoundingClientRect: asMethod(boxOf),
    getComputedTextLength: asMethod(textLength),
    getTotalLength: asMethod(pathLength),
    getPointAtLength: asMethod(pointOnPath),
  });
}

function asMethod<Rest extends unknown[], Result>(compute: (element: SvgElement, ...rest: Rest) => Result) {
  return function (this: SvgElement, ...rest: Rest): Result {
    return compute(this, ...rest);
  };
}
