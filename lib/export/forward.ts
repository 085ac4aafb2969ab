/** The forward pass that is exported: images in, logits and probabilities out. */
import { compile, type Compiled } from '../compile/compile';
import type { FrozenFunction } from '../compile/graph/export_model';
import { completeParts } from '../inspect/complete_parts';
import { wholeLogits } from '../inspect/whole_logits';
import type { SequenceClassifier } from '../model/model';
import type { ImageSize } from '../model/sequences';
import { inference, inspection } from '../rnn/pass';
import { tf } from '../tfjs/tensorflow';

/** By these names other programs find what goes in and comes out. */
export type Forward = (inputs: { images: tf.Tensor3D }) => {
  logits: tf.Tensor2D;
  probabilities: tf.Tensor2D;
};

export interface ForwardOptions {
  /** In operations that every runtime has, where TensorFlow has kernels for a whole time step. Default false. */
  readonly plain?: boolean;
}

/**
 * The forward pass as one graph for batches of any size, traced.
 * @returns what whoever asked disposes of
 */
export function compiledForward(
  model: SequenceClassifier,
  image: ImageSize,
  options: ForwardOptions = {},
): Compiled<Parameters<Forward>, ReturnType<Forward>> {
  const { rows, columns } = image;
  const logits = logitsOf(model, image, options);
  const forward: Forward = ({ images }) => {
    const found = logits(images);
    return { logits: found, probabilities: tf.softmax(found) };
  };
  const compiled = compile(forward, { name: 'forward', inputShapes: [[null, rows, columns]] });
  // Two: a size of 1 may be taken for a dimension that is always 1.
  tf.tidy(() => compiled.trace({ images: tf.zeros([2, rows, columns]) }));
  return compiled;
}

/** The forward pass in plain operations as data, compiled when it is first asked for. */
export interface PlainForward {
  frozen(): FrozenFunction;
  dispose(): void;
}

/** For all formats that take the graph apart. @returns what whoever asked disposes of */
export function plainForward(model: SequenceClassifier, image: ImageSize): PlainForward {
  let compiled: ReturnType<typeof compiledForward> | undefined;
  let frozen: FrozenFunction | undefined;
  return {
    frozen: () => {
      compiled ??= compiledForward(model, image, { plain: true });
      return (frozen ??= compiled.frozen());
    },
    dispose: () => compiled?.dispose(),
  };
}

/** One graph from the image to the logits: a model that reads in chunks makes several of its own. */
function logitsOf(
  model: SequenceClassifier,
  image: ImageSize,
  { plain = false }: ForwardOptions,
): (images: tf.Tensor3D) => tf.Tensor2D {
  const pass = plain ? inspection : inference;
  // A model of the user's own has no steps of one kernel, unless it is made of our cells: then the pass says so.
  if (!model.inChunks) return images => model.logits(images, pass);
  const parts = completeParts(model, image);
  return images => wholeLogits(parts, images, pass);
}
