import { baseLayout, createFigure, namedAxis, type Figure } from 'scanline/charts';

export function lossChart(losses: readonly number[]): Figure {
  return createFigure({
    data: [{ type: 'scatter', mode: 'lines', x: losses.map((_, i) => i + 1), y: [...losses] }],
    layout: {
      ...baseLayout(`Loss over ${losses.length} steps`),
      xaxis: namedAxis('step'),
      yaxis: namedAxis('loss'),
    },
  });
}
