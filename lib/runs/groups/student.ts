/** Student's t distribution, for any number of degrees of freedom above 0, whole or not. */

/**
 * How likely a value at least so far from 0 is, on either side: the regularized incomplete beta function
 * I(ν / (ν + t²); ν / 2, 1 / 2), DLMF 26.5.27 of Abramowitz and Stegun's handbook.
 * @param degreesOfFreedom Infinity for a normal distribution
 */
export function twoSidedP(t: number, degreesOfFreedom: number): number {
  const freedom = Math.min(degreesOfFreedom, 1e6); // beyond, it is normal within 1e-6
  return incompleteBeta(freedom / (freedom + t * t), freedom / 2, 0.5);
}

/** The t that a value exceeds on either side with probability p, from 0 to 1: 2.776 for 0.05 and 4 degrees of freedom. */
export function criticalT(p: number, degreesOfFreedom: number): number {
  let [low, high] = [0, 1];
  while (twoSidedP(high, degreesOfFreedom) > p && high < 1e12) [low, high] = [high, 2 * high];
  for (let i = 0; i < 100 && high - low > 1e-12 * high; i++) {
    const middle = (low + high) / 2;
    if (twoSidedP(middle, degreesOfFreedom) > p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** By its continued fraction, https://dlmf.nist.gov/8.17.E22, which converges fast below the mean a / (a + b). */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front = a * Math.log(x) + b * Math.log1p(-x) - Math.log(a) - logBeta(a, b);
  return Math.exp(front) * fraction(x, a, b);
}

/** From its first term on, by the method of Lentz, Applied Optics 15, 1976, pp. 668–671. */
function fraction(x: number, a: number, b: number): number {
  const tiny = 1e-300;
  const nonZero = (value: number) => (Math.abs(value) < tiny ? tiny : value);
  let c = 1;
  let d = 1 / nonZero(1 - ((a + b) * x) / (a + 1));
  let product = d;
  for (let m = 1; m < 10_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    let change = 1;
    for (const term of [even, odd]) {
      d = 1 / nonZero(1 + term * d);
      c = nonZero(1 + term / c);
      change = c * d;
      product *= change;
    }
    if (Math.abs(change - 1) < 1e-15) break;
  }
  return product;
}

const logBeta = (a: number, b: number) => logGamma(a) + logGamma(b) - logGamma(a + b);

/** Stirling's series, https://dlmf.nist.gov/5.11.E1, shifted to where four terms are exact to 15 digits. */
function logGamma(x: number): number {
  let shift = 0;
  let z = x;
  for (; z < 20; z++) shift += Math.log(z);
  const series = 1 / (12 * z) - 1 / (360 * z ** 3) + 1 / (1260 * z ** 5) - 1 / (1680 * z ** 7);
  return (z - 0.5) * Math.log(z) - z + Math.log(2 * Math.PI) / 2 + series - shift;
}
