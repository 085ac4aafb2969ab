/** Numbers of units by time step. */

/** `matrix[step][unit]`. */
export type Matrix = readonly ArrayLike<number>[];

/** The largest absolute value, or 1 where all are 0. */
export function largestIn(matrix: Matrix): number {
  let largest = 0;
  for (const step of matrix) {
    for (let unit = 0; unit < step.length; unit++) largest = Math.max(largest, Math.abs(step[unit]));
  }
  return largest || 1;
}

/**
 * Units in an order in which structure shows: those that are mostly above zero, from the earliest active to the latest;
 * then those mostly below, from the latest to the earliest. When a unit is active: the centre of mass of |value|.
 */
export function byActivity(matrix: Matrix): number[] {
  const units = Array.from({ length: matrix[0].length }, (_, unit) => {
    let [sum, size, weighted] = [0, 0, 0];
    matrix.forEach((step, t) => {
      sum += step[unit];
      size += Math.abs(step[unit]);
      weighted += t * Math.abs(step[unit]);
    });
    return { unit, above: sum >= 0, centre: size > 0 ? weighted / size : 0 };
  });
  const sorted = units.sort((a, b) => a.centre - b.centre || a.unit - b.unit);
  const ordered = [...sorted.filter(({ above }) => above), ...sorted.filter(({ above }) => !above).reverse()];
  return ordered.map(({ unit }) => unit);
}
