/** The run's network: the cells of lib/rnn with the weights of the file. */
import { completeParts } from '../lib/inspect/complete_parts';
import { imageTensor } from '../lib/inspect/image';
import { readImage, type Replay } from '../lib/inspect/read_image';
import { parseHyperparameters } from '../lib/model/hyperparameters';
import { createModel, type SequenceClassifier } from '../lib/model/model';
import { tf } from '../lib/tfjs/tensorflow';
import { sizeOf, type PageContents } from './contents';
import type { Backend } from './backends';
import { useBackend } from './tensorflow';

export class Network {
  private readonly model: SequenceClassifier;

  /** @param weights of all tensors, one after the other */
  constructor(
    private readonly contents: PageContents,
    private readonly weights: Float32Array,
  ) {
    this.model = createModel(parseHyperparameters(contents.hyperparameters), contents);
    this.restore();
  }

  /** Compute with another backend. @returns whether there is one of this kind here */
  async use(backend: Backend): Promise<boolean> {
    const before = tf.getBackend() as Backend;
    if (backend === before) return true;
    const found = await useBackend(backend);
    if (!found) await useBackend(before);
    this.restore(); // tensors stay with the backend that they were made by
    return found;
  }

  /**
   * @param images [batch · rows · columns] bytes
   * @returns by image and class, after softmax: [batch · numClasses]
   */
  probabilities(images: Uint8Array): Float32Array {
    const { rows, columns } = this.contents;
    const count = images.length / (rows * columns);
    return tf.tidy(() => {
      const flat = imageTensor({ pixels: images, rows: rows * count, columns });
      const logits = this.model.logits(tf.reshape(flat, [count, rows, columns]));
      return tf.softmax(logits).dataSync<'float32'>();
    });
  }

  /** Everything that happens while one image is read. */
  read(pixels: Uint8Array, label?: number): Replay {
    const { rows, columns } = this.contents;
    return readImage(completeParts(this.model, this.contents), { pixels, rows, columns, label });
  }

  private restore(): void {
    let start = 0;
    for (const { name, shape } of this.contents.tensors) {
      const size = sizeOf(shape);
      const values = this.weights.subarray(start, start + size);
      tf.tidy(() => this.model.variables[name].assign(tf.tensor(values, [...shape])));
      start += size;
    }
  }
}
