/** Shapes that depend on values: TensorFlow knows them at each call, JavaScript would know only those of the trace. */
import type { tf } from '../../tfjs/tensorflow';
import type { CompileError } from '../compile_error';
import type { GraphNode, TensorType } from '../graph/graph';
import { readShape } from './refusals';
import type { Attribute } from '../../tfjs/node_backend';

/** Operations with such outputs, and which of them. */
const outputsOf: Readonly<Record<string, readonly number[]>> = {
  UniqueV2: [0],
  Where: [0],
  NonMaxSuppressionV3: [0],
  NonMaxSuppressionV4: [0],
  NonMaxSuppressionV5: [0, 1],
  DecodePng: [0],
  DecodeJpeg: [0],
  DecodeBmp: [0],
  DecodeGif: [0],
};

/** Kernels that read shapes only to check them, or only how many axes there are. */
const checking = new Set(['Sum', 'Prod', 'Mean', 'Max', 'Min', 'All', 'Any', 'GatherV2']);

/**
 * @param inputs of an operation on something that changes from call to call
 * @returns for an output the operation that its shape comes from; undefined if the shape is always the same
 */
export function shapeOrigin(
  op: string,
  output: number,
  attributes: readonly Attribute[],
  inputs: readonly TensorType[],
): string | undefined {
  const isPadded = attributes.some(({ name, value }) => name === 'pad_to_max_output_size' && value === true);
  if (outputsOf[op]?.includes(output) && !isPadded) return op;
  return inputs.find(({ shapeFrom }) => shapeFrom !== undefined)?.shapeFrom;
}

/** Refuses JavaScript the shapes that depend on values, except for what tfjs reads for its own accounts. */
export class ShapeGuard {
  private allowed = 0;

  constructor(private readonly refuse: (error: CompileError) => never) {}

  /** After the trace: what is left of it is counted once more, and freed. */
  end(): void {
    this.allowed = Infinity;
  }

  /** Tfjs makes, counts and frees tensors by their shapes; that does not get into the graph. */
  allow<T>(body: () => T): T {
    this.allowed++;
    try {
      return body();
    } finally {
      this.allowed--;
    }
  }

  runKernel<T>(kernel: string, body: () => T): T {
    return checking.has(kernel) ? this.allow(body) : body();
  }

  /** From now on reading the tensor's shape or size is an error; its rank can be read. */
  hide(tensor: tf.Tensor, { node, output }: { node: GraphNode; output: number }): void {
    const { shapeFrom, shape: known } = node.outputs[output];
    if (shapeFrom === undefined || known.length === 0) return;
    const check = () => {
      if (this.allowed === 0) this.refuse(readShape(shapeFrom));
    };
    const shape = new Proxy([...tensor.shape], {
      get(target, key) {
        if (typeof key === 'string' && /^\d+$/.test(key)) check();
        return Reflect.get(target, key) as unknown;
      },
    });
    const { size, strides } = tensor;
    Object.defineProperties(tensor, {
      shape: { value: shape },
      size: { get: () => (check(), size) },
      strides: { get: () => (check(), strides) },
    });
  }
}
