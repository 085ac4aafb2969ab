/** ONNX: the layers as GRU and LSTM operators where they are one, everything else as recorded. */
import { join } from 'node:path';
import { writeWhole } from '../../base/files/files';
import { compile, type Compiled } from '../../compile/compile';
import type { FrozenFunction } from '../../compile/graph/export_model';
import { completeParts } from '../../inspect/complete_parts';
import type { ModelParts, SequenceClassifier } from '../../model/model';
import type { ImageSize } from '../../model/sequences';
import { tf } from '../../tfjs/tensorflow';
import type { PlainForward } from '../forward';
import type { Source } from '../source';
import { OnnxGraph } from './onnx_graph';
import { addRecorded } from './recorded';
import { addLayers, areOperators } from './recurrent';

const fileName = 'model.onnx';

/** @returns the files written */
export function exportOnnx({ model, image }: Source, folder: string, plain: PlainForward): string[] {
  const graph = new OnnxGraph();
  const parts = operatorParts(model, image);
  const found = parts
    ? addParts(graph, parts, image)
    : addRecorded(graph, plain.frozen(), { images: 'images' });
  for (const name of ['logits', 'probabilities']) graph.name(name, found[name]);
  const numClasses = model.madeFor?.numClasses ?? 'classes';
  const answer = ['batch', numClasses];
  const bytes = graph.serialize(
    { images: ['batch', image.rows, image.columns] },
    { logits: answer, probabilities: answer },
  );
  writeWhole(join(folder, fileName), [bytes]);
  return [fileName];
}

/** If all layers, in each direction, are operators of ONNX; and the model is no more than its parts. */
function operatorParts(model: SequenceClassifier, image: ImageSize): ModelParts | undefined {
  if (!model.parts) return undefined;
  const parts = completeParts(model, image);
  const cells = parts.backward ? [parts.forward, parts.backward] : [parts.forward];
  return cells.every(areOperators) ? parts : undefined;
}

function addParts(graph: OnnxGraph, parts: ModelParts, { rows, columns }: ImageSize): Record<string, string> {
  const { sequence, forward, backward, pooling, output } = parts;
  const { numSteps } = sequence;
  const read = record(({ images }: { images: tf.Tensor3D }) => ({ steps: tf.stack(sequence.read(images)) }), {
    images: [null, rows, columns],
  });
  const { steps } = frozenOf(read, frozen => addRecorded(graph, frozen, { images: 'images' }));
  const there = addLayers(graph, forward, steps, 'forward');
  const back = backward && addLayers(graph, backward, steps, 'reverse');
  const beside = (a: string, b: string | undefined, axis: number) =>
    b === undefined ? a : graph.add('Concat', [a, b], { axis })[0];
  const width = forward.outputSize + (backward?.outputSize ?? 0);
  const answer = record(
    ({ outputs, last }: { outputs: tf.Tensor3D; last: tf.Tensor2D }) => {
      const logits = output.call(pooling.pool(tf.unstack(outputs) as tf.Tensor2D[], last));
      return { logits, probabilities: tf.softmax(logits) };
    },
    { outputs: [numSteps, null, width], last: [null, width] },
  );
  return frozenOf(answer, frozen =>
    addRecorded(graph, frozen, {
      outputs: beside(there.outputs, back?.outputs, 2),
      last: beside(there.last, back?.last, 1),
    }),
  );
}

/** A function of a record of tensors, traced for these shapes. */
function record<Inputs extends Record<string, tf.Tensor>, Result>(
  fn: (inputs: Inputs) => Result,
  shapes: Readonly<Record<keyof Inputs & string, readonly (number | null)[]>>,
): Compiled<[Inputs], Result> {
  const compiled = compile(fn, { inputShapes: Object.values(shapes) });
  tf.tidy(() => {
    const inputs = Object.entries<readonly (number | null)[]>(shapes).map(
      ([name, shape]) => [name, tf.zeros(shape.map(size => size ?? 2))] as const,
    );
    compiled.trace(Object.fromEntries(inputs) as Inputs);
  });
  return compiled;
}

function frozenOf<T>(
  compiled: { frozen(): FrozenFunction; dispose(): void },
  use: (frozen: FrozenFunction) => T,
): T {
  try {
    return use(compiled.frozen());
  } finally {
    compiled.dispose();
  }
}
