/** How a number of a trace depends on the sizes that are not known before a call. */

/** constant + Σ factor · product of sizes, or factor / product of sizes. */
export interface Formula {
  readonly constant: number;
  readonly terms: readonly Term[];
  /** Whether the one term is divided by the product. */
  readonly isInverse?: boolean;
}

export interface Term {
  readonly factor: number;
  /** The unknown sizes that are multiplied, by their numbers, in order: [0, 0] is the square of the first. */
  readonly product: readonly number[];
}

export const evaluate = ({ constant, terms, isInverse }: Formula, sizes: readonly number[]): number =>
  terms.reduce((sum, { factor, product }) => {
    const value = multiply(product, sizes);
    return sum + (isInverse ? factor / value : factor * value);
  }, constant);

export const isConstant = ({ terms }: Formula): boolean => terms.length === 0;

const multiply = (product: readonly number[], sizes: readonly number[]) =>
  product.reduce((value, unknown) => value * sizes[unknown], 1);

/** Finds formulas from the values that a number had at several sizes: more of them than a formula has coefficients. */
export class Fitter {
  private readonly products: readonly (readonly number[])[];

  /** @param points each a list of sizes, one for each unknown */
  constructor(private readonly points: readonly (readonly number[])[]) {
    this.products = productsOf(points[0].length, 3);
  }

  /**
   * @param values one for each point
   * @param isInteger whether it is a number of elements or the like, and no fraction. Default true
   * @returns undefined if no formula gives these values
   */
  fit(values: readonly number[], isInteger = true): Formula | undefined {
    const [first] = values;
    if (values.every(value => Object.is(value, first))) return { constant: first, terms: [] };
    if (!values.every(Number.isFinite)) return undefined;
    const candidates = isInteger
      ? [() => this.lines(values), () => this.planes(values)]
      : [() => this.fractions(values), () => this.lines(values)];
    for (const make of candidates) {
      for (const formula of make()) if (this.fits(formula, values, isInteger)) return formula;
    }
    return undefined;
  }

  /** constant + factor · product */
  private lines(values: readonly number[]): Formula[] {
    return this.products.map(product => {
      const [x0, x1] = this.points.map(sizes => multiply(product, sizes));
      const factor = (values[1] - values[0]) / (x1 - x0);
      return { constant: values[0] - factor * x0, terms: [{ factor, product }] };
    });
  }

  /** factor · product, factor / product: without a constant that only rounding has made */
  private fractions(values: readonly number[]): Formula[] {
    return this.products.flatMap(product => {
      const x = multiply(product, this.points[0]);
      return [
        { constant: 0, terms: [{ factor: values[0] / x, product }] },
        { constant: 0, terms: [{ factor: values[0] * x, product }], isInverse: true },
      ];
    });
  }

  /** constant + factor · product + factor · product: from three points, so there must be a fourth */
  private planes(values: readonly number[]): Formula[] {
    if (this.points.length < 4) return [];
    const formulas: Formula[] = [];
    this.products.forEach((product, i) => {
      for (const other of this.products.slice(i + 1)) {
        const [x, y] = [product, other].map(each => this.points.map(sizes => multiply(each, sizes)));
        const [dx1, dx2, dy1, dy2] = [x[1] - x[0], x[2] - x[0], y[1] - y[0], y[2] - y[0]];
        const [dv1, dv2] = [values[1] - values[0], values[2] - values[0]];
        const determinant = dx1 * dy2 - dx2 * dy1;
        if (determinant === 0) continue;
        const a = (dv1 * dy2 - dv2 * dy1) / determinant;
        const b = (dx1 * dv2 - dx2 * dv1) / determinant;
        const terms = [
          { factor: a, product },
          { factor: b, product: other },
        ];
        formulas.push({ constant: values[0] - a * x[0] - b * y[0], terms });
      }
    });
    return formulas;
  }

  private fits(formula: Formula, values: readonly number[], isInteger: boolean): boolean {
    const { constant, terms } = formula;
    const numbers = [constant, ...terms.map(({ factor }) => factor)];
    if (isInteger && !numbers.every(Number.isSafeInteger)) return false;
    return this.points.every((sizes, i) => isEqual(evaluate(formula, sizes), values[i], isInteger));
  }
}

/** Fractions are 32-bit floats: equal but for their rounding. */
export const isEqual = (a: number, b: number, isInteger: boolean): boolean =>
  Object.is(a, b) || (isInteger ? a === b : Math.abs(a - b) <= 5e-7 * Math.abs(b));

/** All products of up to so many of the unknowns, the shortest first. */
function productsOf(unknowns: number, most: number): number[][] {
  const products: number[][] = [];
  let longest: number[][] = [[]];
  for (let length = 1; length <= most; length++) {
    longest = longest.flatMap(product =>
      Array.from({ length: unknowns }, (_, unknown) => [...product, unknown]).filter(
        ([...each]) => each.length < 2 || each[each.length - 2] <= each[each.length - 1],
      ),
    );
    products.push(...longest);
  }
  return products;
}
