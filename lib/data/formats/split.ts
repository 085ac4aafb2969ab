/** Images for the test out of those that nobody has divided, and an order in which all classes are mixed. */
import { createRandom, shuffle } from '../../base/random';
import { UserError } from '../../base/errors';
import type { Examples, TrainingAndTest } from './examples';

/**
 * The same division for the same images, whatever the seed of a run: runs are compared on the same test.
 * @param testFraction of each class, 0..1; at least one image stays for training
 * @throws UserError if it is not between 0 and 1, or leaves no images for the test
 */
export function splitByClass(examples: Examples, testFraction = 0.2): TrainingAndTest {
  if (!(testFraction > 0 && testFraction < 1)) {
    throw new UserError(
      `Expected a testFraction between 0 and 1, found ${testFraction}: choose another, such as 0.2`,
    );
  }
  const { labels } = examples;
  const counts = new Uint32Array(256);
  for (const label of labels) counts[label]++;
  const wanted = counts.map(count => Math.min(Math.round(count * testFraction), count - 1));
  const taken = new Uint32Array(256);
  const [training, test]: [number[], number[]] = [[], []];
  for (const index of mixedOrder(labels.length)) {
    const label = labels[index];
    (taken[label]++ < wanted[label] ? test : training).push(index);
  }
  if (test.length === 0) {
    throw new UserError(
      `Expected enough images in ${examples.imagesPath} for a test with ${testFraction} of each class, found ` +
        `${labels.length}: put more there, or name images for the test`,
    );
  }
  return { training: pick(examples, training), test: pick(examples, test) };
}

/** Images that are sorted by class, mixed: the first of them become the validation set, which needs all classes. */
export const mixed = (examples: Examples): Examples => pick(examples, mixedOrder(examples.labels.length));

function mixedOrder(count: number): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  shuffle(order, createRandom(0).fork('files'));
  return order;
}

function pick(examples: Examples, indices: ArrayLike<number>): Examples {
  const pixels = examples.rows * examples.columns;
  const images = new Uint8Array(indices.length * pixels);
  for (let i = 0; i < indices.length; i++) {
    images.set(examples.images.subarray(indices[i] * pixels, (indices[i] + 1) * pixels), i * pixels);
  }
  return { ...examples, images, labels: Uint8Array.from(indices, index => examples.labels[index]) };
}
