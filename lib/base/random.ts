/** Seeded random numbers: the same seed gives the same numbers on every machine. */
import { createHash } from 'node:crypto';
import { unsafeUniformIntDistribution, xoroshiro128plus, type RandomGenerator } from 'pure-rand';
import { UserError } from './errors';
import { readable } from './readable';

/** A stream of random numbers. */
export interface Random {
  /** A number from 0 to below 1, with 53 random bits. */
  uniform(): number;
  /** An integer from 0 to `below` − 1, each equally likely. */
  integer(below: number): number;
  /**
   * A new stream that depends on the seed and the label alone, not on how many numbers were drawn here. So weights,
   * order and dropout each have their own, and one of them can change without moving the others.
   */
  fork(label: string | number): Random;
  /** All that `randomFromState` needs to continue the stream; can be written as JSON. */
  state(): RandomState;
}

/** Where a stream of random numbers stands. */
export interface RandomState {
  /** The seed, then the labels of the forks. */
  readonly path: readonly (string | number)[];
  /** What the generator remembers: four 32-bit integers. */
  readonly generator: readonly number[];
}

/**
 * @param seed an integer from 0 to 2^53 − 1
 * @throws UserError for any other seed
 *
 * @example
 * const random = createRandom(0);
 * random.fork('weights').uniform(); // the same number whenever the seed is 0
 */
export function createRandom(seed: number): Random {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new UserError(
      `Expected a seed that is an integer from 0 to 2^53 - 1, found ${seed}: choose another`,
    );
  }
  return fromPath([seed]);
}

/** The stream as it was when its `state()` was taken. */
export function randomFromState({ path, generator }: RandomState): Random {
  return random(path, xoroshiro128plus.fromState(generator));
}

/** A standard normal number (Box and Muller, 1958). */
export function standardNormal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.uniform())) * Math.cos(2 * Math.PI * random.uniform());
}

/** Put the items in a random order, in place; every order is equally likely (Fisher and Yates). */
export function shuffle(items: Uint32Array | unknown[], random: Random): void {
  for (let i = items.length - 1; i > 0; i--) {
    const j = random.integer(i + 1);
    [items[i], items[j]] = [items[j], items[i]];
  }
}

/** Hashing the path makes near seeds and near labels start far apart. */
function fromPath(path: RandomState['path']): Random {
  const { buffer, byteOffset } = createHash('sha256').update(JSON.stringify(path)).digest();
  const hash = new DataView(buffer, byteOffset);
  return random(path, xoroshiro128plus.fromState([0, 4, 8, 12].map(offset => hash.getInt32(offset, true))));
}

function random(path: RandomState['path'], generator: RandomGenerator): Random {
  const bits = (count: number) => generator.unsafeNext() >>> (32 - count);
  const stream: Random = {
    uniform: () => (bits(27) * 2 ** 26 + bits(26)) / 2 ** 53,
    integer(below) {
      if (!Number.isSafeInteger(below) || below < 1) {
        throw new UserError(`Expected a positive integer as the limit of a random integer, found ${below}`);
      }
      return unsafeUniformIntDistribution(0, below - 1, generator);
    },
    fork: label => fromPath([...path, label]),
    state: () => ({ path, generator: generator.getState?.() ?? [] }),
  };
  return readable(stream, { text: () => `Random: seed ${path.join(', ')}` });
}
