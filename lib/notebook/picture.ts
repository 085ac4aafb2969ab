import { describeFigure, type Figure } from '../charts';
import { UserError } from '../errors';
import { plotlyPage } from './plotly_page';

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
  const page = plotlyPage();
  const copy = page.JSON.parse(JSON.stringify(figure)) as Figure; // Plotly writes into what it is given
  const { width = defaultSize.width, height = defaultSize.height } = figure.layout;
  const svg = await page.Plotly.toImage(copy, { format: 'svg', imageDataOnly: true, width, height });
  return withTitle(withFewDecimals(svg), describeFigure(figure));
}

/** A tenth of a pixel is enough for a curve. */
function withFewDecimals(svg: string): string {
  const shorten = (number: string) => String(Math.round(Number(number) * 10) / 10);
  return svg.replace(/ d="[^"]*"/g, path => path.replace(/-?\d+\.\d+/g, shorten));
}

/** What programs that read a page aloud say, and what the mouse shows. */
function withTitle(svg: string, title: string): string {
  const escaped = title.replace(/&/g, '&amp;').replace(/</g, '&lt;');
  return svg.replace(
    /^<svg ([^>]*)>/,
    (_, attributes) => `<svg role="img" ${attributes}><title>${escaped}</title>`,
  );
}
