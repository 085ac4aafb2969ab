import { createRandom } from 'scanline';
import { DataSet, type DataSetContent } from 'scanline/data';

/** Noise with one bright column, which is the class. */
export function stripes(numExamples: number): DataSet {
  const [rows, columns] = [6, 4];
  const random = createRandom(1);
  const labels = Uint8Array.from({ length: numExamples }, () => random.integer(columns));
  const images = Uint8Array.from({ length: numExamples * rows * columns }, (_, i) => {
    const isBright = i % columns === labels[Math.floor(i / (rows * columns))];
    return random.integer(60) + (isBright ? 190 : 0);
  });
  const content: DataSetContent = { images, labels, rows, columns, numClasses: columns, oneHot: true };
  return new DataSet(content, random.fork('order'));
}
