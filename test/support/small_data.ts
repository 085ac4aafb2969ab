import { DataSet } from '../../lib/data';
import { createRandom } from '../../lib/base/random';

/**
 * Images of 4 × 3 pixels in three classes: the bright column tells the class; the rest is noise. Easy enough that a
 * small network learns it in some ten steps. More columns are noise too.
 */
export function smallData(numExamples: number, { seed = 0, oneHot = true, columns = 3 } = {}): DataSet {
  const [rows, numClasses] = [4, 3];
  const random = createRandom(seed);
  const labels = Uint8Array.from({ length: numExamples }, () => random.integer(numClasses));
  const images = Uint8Array.from({ length: numExamples * rows * columns }, (_, i) => {
    const bright = i % columns === labels[Math.floor(i / (rows * columns))];
    return random.integer(60) + (bright ? 190 : 0);
  });
  return new DataSet({ images, labels, rows, columns, numClasses, oneHot }, random.fork('order'));
}
