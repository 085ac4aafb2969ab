import type { Context } from 'node:vm';
import type { Figure } from '../charts';
import { compileCached } from '../base/files/code_cache';
import { resolveOptional } from '../base/optional_package';
import { createRandom } from '../base/random';
import { boxOf, pathLength, pointOnPath, textLength, type SvgElement } from './svg_geometry';

/** What is used here of a page that is never shown, with Plotly in it. */
interface Page {
  JSON: typeof JSON;
  Math: { random: () => number };
  Plotly: { toImage(figure: Figure, options: object): Promise<string> };
  URL: { createObjectURL?: () => string };
  getComputedStyle: (element: { style: object }) => object;
  SVGElement: { prototype: object };
  HTMLCanvasElement: { prototype: object };
}

interface Jsdom {
  JSDOM: new (html: string, options: object) => { window: Page; getInternalVMContext(): Context };
}

const purpose = 'draw charts without a browser';

interface Drawer {
  readonly page: Page;
  /** For the next process: see code_cache.ts. */
  readonly keepCode: () => void;
}

let drawer: Drawer | undefined;

/** Ends when all drawings asked for so far have ended. */
let drawings: Promise<unknown> = Promise.resolve();

/**
 * Let Plotly draw a figure of this size in pixels, after those that it was asked for before. The first call loads the
 * page, which takes about a second; then it is kept.
 * @returns the same SVG for the same figure
 */
export function drawSvg(figure: Figure, width: number, height: number): Promise<string> {
  const drawing = drawings.then(async () => {
    const { page, keepCode } = (drawer ??= loadPage());
    const svg = await draw(page, figure, width, height);
    keepCode();
    return svg;
  });
  drawings = drawing.catch(() => undefined);
  return drawing;
}

function draw(
  { JSON: pageJson, Math: pageMath, Plotly }: Page,
  figure: Figure,
  width: number,
  height: number,
) {
  // Plotly makes ids of random numbers, and jsdom keeps all that belongs to an id it was once asked for: with the same
  // ids for each figure the memory does not grow.
  const random = createRandom(0);
  pageMath.random = () => random.uniform();
  const copy = pageJson.parse(JSON.stringify(figure)) as Figure; // Plotly writes into what it is given
  return Plotly.toImage(copy, { format: 'svg', imageDataOnly: true, width, height });
}

function loadPage(): Drawer {
  // @types/jsdom needs a newer compiler than the notebooks have, so the types are above.
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded when first needed
  const { JSDOM } = require(resolveOptional('jsdom', purpose)) as Jsdom;
  const dom = new JSDOM('', { runScripts: 'outside-only', pretendToBeVisual: true });
  addWhatPlotlyNeeds(dom.window);
  const { script, keep } = compileCached(resolveOptional('plotly.js-dist/plotly.js', purpose));
  script.runInContext(dom.getInternalVMContext());
  return { page: dom.window, keepCode: keep };
}

/** jsdom lays nothing out and draws nothing; Plotly asks for the sizes of texts and whether there is a canvas. */
function addWhatPlotlyNeeds(window: Page): void {
  window.URL.createObjectURL = () => '';
  // Nothing inherits what Plotly asks for; finding that out anew for each element took a tenth of a drawing's time.
  window.getComputedStyle = ({ style }) => style;
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
