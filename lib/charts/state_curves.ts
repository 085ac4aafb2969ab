/** What the units of a small cell hold while it reads. */
import { UserError } from '../base/errors';
import { round } from '../base/format';
import { createFigure, type Figure } from './figure';
import { baseLayout, namedAxis, toolbarMargin } from './parts/theme';
import { lineStyles } from './training_curves';

/** More lines than that cannot be told apart. */
const most = 12;

/**
 * A line for each unit: its state after each time step.
 * @param states for each time step the value of each unit; 1 to 12 units
 * @throws UserError without a step, for more units, or if a step has another number of them
 */
export function stateCurves(states: readonly (readonly number[])[]): Figure {
  const numUnits = states[0]?.length ?? 0;
  const odd = states.findIndex(state => state.length !== numUnits);
  if (numUnits === 0 || numUnits > most || odd >= 0) {
    const found = odd >= 0 ? `${states[odd].length} at step ${odd + 1} after ${numUnits}` : numUnits;
    throw new UserError(`Expected the states of 1 to ${most} units at each time step, found ${found}`);
  }
  const { colors, dashes } = lineStyles;
  return createFigure({
    data: states[0].map((_, unit) => ({
      type: 'scatter',
      mode: 'lines',
      name: `unit ${unit}`,
      x: states.map((_, step) => step + 1),
      y: states.map(state => round(state[unit])),
      line: { color: colors[unit % colors.length], dash: dashes[unit % dashes.length], width: 2 },
      hovertemplate: `unit ${unit}: %{y:.2f} after step %{x}<extra></extra>`,
    })),
    layout: {
      ...baseLayout(
        `State of ${numUnits} ${numUnits === 1 ? 'unit' : 'units'} over ${states.length} time steps`,
      ),
      height: 320,
      margin: { l: 80, r: toolbarMargin, t: 50, b: 50 },
      xaxis: namedAxis('time step'),
      yaxis: namedAxis('state'),
      hovermode: 'x',
      showlegend: true,
      legend: { orientation: 'h', x: 0, xanchor: 'left', y: 1.02, yanchor: 'bottom' },
    },
  });
}
