import type { Config, Data, Layout } from 'plotly.js';
import { readable } from '../base/readable';

/** Plotly's layout, and one sentence on what the figure shows: for readers who cannot see it. */
export interface FigureLayout extends Partial<Layout> {
  meta?: { description?: string };
}

/** A Plotly figure: plain data that `show` draws, and that JSON can carry. */
export interface Figure {
  data: Data[];
  layout: FigureLayout;
  config?: Partial<Config>;
  /** What a slider or a button shows in place of what stands in `data` and `layout`. */
  frames?: FigureFrame[];
}

/** What a frame changes of the figure. */
export interface FigureFrame {
  name: string;
  data: Data[];
  /** The traces that `data` are of. */
  traces: number[];
  layout: Partial<Layout>;
}

/** A figure that is one line wherever it is printed. Everything else it shares with a literal. */
export function createFigure(figure: Figure): Figure {
  return readable(figure, { text: it => `Figure: ${describeFigure(it)}` });
}

/** What the figure shows, in one line. */
export function describeFigure({ data, layout }: Figure): string {
  return layout.meta?.description ?? `Plotly figure with ${data.length} traces`;
}
