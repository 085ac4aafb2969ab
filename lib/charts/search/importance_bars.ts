import { plotlyText, textOf } from '../../base/text';
import { round } from '../../base/format';
import { createFigure, type Figure } from '../figure';
import { baseLayout, colors, namedAxis, toolbarMargin } from '../parts/theme';

/** How much a setting of a search matters, as `settingImportances` tells it. */
export interface ImportanceRecord {
  readonly name: string;
  /** 0..1; the sum over all settings is 1. */
  readonly importance: number;
  /** In the same unit: 95 % of what chance alone gives lies below. */
  readonly byChance: number;
}

/**
 * A bar for each setting of a search, the most important at the top, and a mark up to which chance alone could make it.
 * Bars that do not pass their mark are grey.
 */
export function importanceBars(importances: readonly ImportanceRecord[]): Figure {
  const rows = [...importances].reverse(); // bars are stacked from below
  const names = rows.map(({ name }) => plotlyText(textOf(name)));
  const percent = (value: number) => round(100 * value);
  return createFigure({
    data: [
      {
        type: 'bar',
        orientation: 'h',
        name: 'importance',
        y: names,
        x: rows.map(({ importance }) => percent(importance)),
        marker: { color: rows.map(row => (passesChance(row) ? colors.blue : colors.text)) },
        showlegend: false,
        hovertemplate: '%{y}: %{x:.1f} %<extra></extra>',
      },
      {
        type: 'scatter',
        mode: 'markers',
        name: 'chance alone: 95 % lie below',
        y: names,
        x: rows.map(({ byChance }) => percent(byChance)),
        marker: {
          symbol: 'line-ns',
          size: 20,
          color: colors.vermilion,
          line: { color: colors.vermilion, width: 3 },
        },
        hovertemplate: 'chance alone: up to %{x:.1f} %<extra></extra>',
      },
    ],
    layout: {
      ...baseLayout(describe(importances)),
      height: 110 + 34 * rows.length,
      margin: { l: 20, r: toolbarMargin, t: 40, b: 50 },
      xaxis: { ...namedAxis('importance (%)'), rangemode: 'tozero' },
      yaxis: { ...namedAxis(''), showgrid: false, ticksuffix: ' ' },
      bargap: 0.35,
      showlegend: true,
      legend: { orientation: 'h', x: 0, xanchor: 'left', y: 1.02, yanchor: 'bottom' },
    },
  });
}

function passesChance({ importance, byChance }: ImportanceRecord): boolean {
  return importance > byChance;
}

function describe(importances: readonly ImportanceRecord[]): string {
  const told = importances.map(row => {
    const doubt = passesChance(row) ? '' : ' (no more than chance)';
    return `${textOf(row.name)} ${Math.round(100 * row.importance)} %${doubt}`;
  });
  return `Importance of the settings: ${told.join(', ')}`;
}
