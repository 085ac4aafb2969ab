import { describeFigure, type Figure } from '../charts';
import { UserError } from '../base/errors';
import { currentKernel, type MimeBundle } from './kernel_api';
import { figureToSvg } from './picture';

/** Options of `show`. */
export interface ShowOptions {
  /** A figure with an id can be replaced later by one with the same id and `update: true`. */
  displayId?: string;
  update?: boolean;
  /** What it tells of, if not of itself: a cell that ends with that value does not show it again. */
  value?: object;
}

/**
 * No button that sends the data to a server, and none that selects points, which nothing here reacts to. Not
 * `responsive`: JupyterLab resizes charts itself, and with it Plotly 4.1 makes a chart as high as its output, which is
 * as high as the chart, so that nothing may be left of it when the window gets another size.
 */
const defaultConfig: Figure['config'] = {
  responsive: false,
  displaylogo: false,
  showSendToCloud: false,
  modeBarButtonsToRemove: ['select2d', 'lasso2d'],
};

/**
 * Show a figure in the output of the running cell.
 * It is one output in three forms, of which a viewer takes the best that it knows: the interactive figure, a picture
 * of it (GitHub and nbviewer do not run scripts), and a line of text. Without a notebook it only prints a line.
 *
 * @example
 * await show(errorCurves(run.history));
 */
export async function show(figure: Figure, options: ShowOptions = {}): Promise<void> {
  const kernel = currentKernel();
  const description = describeFigure(figure);
  if (!kernel) {
    console.log(`${description} (shown in a notebook; figureToSvg(figure) gives it as a picture)`);
    return;
  }
  const picture = await pictureOf(figure, description);
  // JupyterLab's Plotly extension never draws a second figure where it has drawn one: a picture in between makes room.
  if (options.update) kernel.display(picture, options);
  const interactive = { ...figure, config: { ...defaultConfig, ...figure.config } };
  kernel.display(
    { 'application/vnd.plotly.v1+json': interactive, ...picture },
    { value: figure, ...options },
  );
}

/** A figure of which there cannot be a picture is shown nevertheless. */
async function pictureOf(figure: Figure, description: string): Promise<MimeBundle> {
  try {
    return { 'image/svg+xml': await figureToSvg(figure), 'text/plain': description };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { 'text/plain': `${description}. No picture: ${error.message}` };
  }
}
