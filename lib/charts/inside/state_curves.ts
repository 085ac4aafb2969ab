import { UserError } from '../../base/errors';
import type { Figure } from '../figure';
import { lineChart } from '../line_chart';

/**
 * What the units of a small cell hold while it reads: a line for each unit.
 * @param states after each time step the value of each unit; 1 to 12 units
 * @throws UserError without a step, for more units, or if a step has another number of them
 */
export function stateCurves(states: readonly (readonly number[])[]): Figure {
  const [first = []] = states;
  const odd = states.findIndex(state => state.length !== first.length);
  if (odd >= 0) {
    throw new UserError(
      `Expected the states of as many units at each time step, found ${states[odd].length} at step ${odd + 1} after ` +
        `${first.length}`,
    );
  }
  const x = states.map((_, step) => step + 1);
  const curves = first.map((_, unit) => ({ name: `unit ${unit}`, x, y: states.map(state => state[unit]) }));
  const title = `State of ${first.length} ${first.length === 1 ? 'unit' : 'units'} over ${x.length} time steps`;
  return lineChart(curves, { title, xAxis: 'time step', yAxis: 'state' });
}
