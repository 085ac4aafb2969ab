/**
 * Densities from few values: the adaptive Parzen estimator of Bergstra et al., "Algorithms for Hyper-Parameter
 * Optimization", 2011, section 4.2.
 */
import { standardNormal, type Random } from '../../base/random';
import { normalCdf } from '../../base/statistics';

/** A Gaussian truncated to 0..1. */
interface Kernel {
  readonly mean: number;
  readonly deviation: number;
  /** Of the whole Gaussian between 0 and 1. */
  readonly mass: number;
}

/** The narrowest Gaussian, as hyperopt has it; with few values it is wider. */
const narrowest = 1 / 100;

/** A density over 0..1: an equally weighted mixture of the uniform prior and one Gaussian at each value. */
export class ParzenEstimator {
  private readonly kernels: readonly Kernel[];

  /**
   * @param values 0..1
   * @param deviations of the Gaussians. Default `neighbourDeviations`
   */
  constructor(values: readonly number[], deviations: readonly number[] = neighbourDeviations(values)) {
    this.kernels = values.map((mean, i) => {
      const deviation = deviations[i];
      const mass = normalCdf((1 - mean) / deviation) - normalCdf(-mean / deviation);
      return { mean, deviation, mass };
    });
  }

  /** @param x 0..1 */
  density(x: number): number {
    const sum = this.kernels.reduce((total, { mean, deviation, mass }) => {
      const z = (x - mean) / deviation;
      return total + Math.exp((-z * z) / 2) / (Math.sqrt(2 * Math.PI) * deviation * mass);
    }, 1); // the prior's own density
    return sum / (this.kernels.length + 1);
  }

  sample(random: Random): number {
    const i = random.integer(this.kernels.length + 1);
    if (i === this.kernels.length) return random.uniform();
    const { mean, deviation } = this.kernels[i];
    // At least a third of the draws are accepted: the mean lies inside, and no deviation is above 1.
    for (;;) {
      const x = mean + deviation * standardNormal(random);
      if (x >= 0 && x <= 1) return x;
    }
  }
}

/**
 * The distance to the farther of the two neighbouring values, where 0 and 1 count as values too. Never above 1, and never
 * below 1 / (number of values + 1) or a hundredth, whichever is larger: hyperopt's limits.
 * @param values 0..1, in any order
 */
export function neighbourDeviations(values: readonly number[]): number[] {
  const order = values.map((_, i) => i).sort((a, b) => values[a] - values[b] || a - b);
  const sorted = [0, ...order.map(i => values[i]), 1];
  const least = Math.max(narrowest, 1 / (values.length + 1));
  const deviations: number[] = [];
  order.forEach((i, rank) => {
    const [left, own, right] = sorted.slice(rank, rank + 3);
    deviations[i] = Math.min(1, Math.max(least, own - left, right - own));
  });
  return deviations;
}

/**
 * The probability of each choice: its count plus one, since the prior counts each once.
 * @param indices of the choices that were made
 * @returns as many as there are choices; their sum is 1
 */
export function choiceProbabilities(indices: readonly number[], choices: number): number[] {
  const counts = Array.from({ length: choices }, () => 1);
  for (const i of indices) counts[i]++;
  return counts.map(count => count / (indices.length + choices));
}
