import { createHash } from 'node:crypto';
import { describeFigure, type Figure } from '../charts';
import { UserError } from '../base/errors';
import { escapeHtml } from '../base/text';
import { drawSvg } from './plotly_page';

/** Size in pixels of a picture whose figure leaves it open; Plotly's own default would be 700 × 450. */
const defaultSize = { width: 760, height: 450 };

/** Kinds of traces that Plotly draws as SVG. The others need a canvas; without a browser some of them never end. */
const drawable = ['scatter', 'bar', 'box', 'contour', 'histogram', 'pie', 'scatterpolar', 'table', 'violin'];

/**
 * The figure as a picture, drawn by Plotly without a browser, for viewers that do not run scripts.
 * The first call takes about a second, for Plotly is loaded then.
 * @returns an SVG document
 * @throws UserError if the figure has traces that only a browser can draw, such as heatmaps
 */
export async function figureToSvg(figure: Figure): Promise<string> {
  const other = figure.data.find(({ type = 'scatter' }) => !drawable.includes(type));
  if (other) {
    throw new UserError(
      `Expected traces that can be drawn without a browser (${drawable.join(', ')}), found ${other.type}`,
    );
  }
  const { width = defaultSize.width, height = defaultSize.height } = figure.layout;
  const svg = withFewDecimals(await drawSvg(still(figure), width, height));
  return withTitle(withIdsOfItsOwn(svg), describeFigure(figure));
}

/** Without sliders and buttons, which do nothing in a picture. */
function still({ data, layout, config }: Figure): Figure {
  return { data, layout: { ...layout, sliders: undefined, updatemenus: undefined }, config };
}

/** Plotly's mark in the ids of this figure becomes another for each figure: some viewers put all into one page. */
function withIdsOfItsOwn(svg: string): string {
  const mark = svg.match(/id="defs-(\w+)"/)?.[1] ?? '';
  const own = createHash('sha256').update(svg).digest('hex').slice(0, 12);
  return svg.replaceAll(new RegExp(`(?<=id="[\\w-]*|url\\(#[\\w-]*)${mark}`, 'g'), own);
}

/** A tenth of a pixel is enough for a curve. */
function withFewDecimals(svg: string): string {
  const shorten = (number: string) => String(Math.round(Number(number) * 10) / 10);
  return svg.replace(/ d="[^"]*"/g, path => path.replace(/-?\d+\.\d+/g, shorten));
}

/** What programs that read a page aloud say, and what the mouse shows. */
function withTitle(svg: string, title: string): string {
  return svg.replace(
    /^<svg ([^>]*)>/,
    (_, attributes) => `<svg role="img" ${attributes}><title>${escapeHtml(title)}</title>`,
  );
}
