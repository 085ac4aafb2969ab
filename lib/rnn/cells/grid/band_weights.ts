import type { Random } from '../../../base/random';
import { range } from '../../../base/range';
import type { Variables } from '../../cell';
import { variablesOf, type HasVariables } from '../../weights';

/** The weights of a cell that reads bands of blocks, by band; the name of a band stands only where there are several. */
export class BandWeights<W extends HasVariables> implements HasVariables {
  readonly bands: readonly W[];
  /** Of all bands together. */
  readonly numBlocks: number;

  /** @param counts how many blocks each band has */
  constructor(counts: readonly number[], random: Random, create: (random: Random) => W) {
    const randomOf = (b: number) => (counts.length > 1 ? random.fork(`band_${b}`) : random);
    this.bands = range(counts.length).map(b => create(randomOf(b)));
    this.numBlocks = counts.reduce((sum, count) => sum + count, 0);
  }

  get variables(): Variables {
    if (this.bands.length === 1) return this.bands[0].variables;
    return variablesOf(Object.fromEntries(this.bands.map((band, b) => [`band_${b}`, band])));
  }
}
