/** The parts of tfjs-node's backend that its own types leave out. */
import { tf } from './tensorflow';

/** What the native addon tells of a tensor that it made. */
export interface NativeTensor {
  id: number;
  shape: number[];
  /** TensorFlow's number of the type: 1 is float32. */
  dtype: number;
}

export interface Attribute {
  name: string;
  /** One of the binding's TF_ATTR_… numbers. */
  type: number;
  value: unknown;
}

/** Numbers, or for strings one array of bytes each. */
export type Values = Float32Array | Int32Array | Uint8Array | readonly Uint8Array[];

/** The native addon: TensorFlow's C API as tfjs-node sees it. Tensors are known by their ids. */
export interface Binding {
  /** TensorFlow's version. */
  readonly TF_Version: string;
  readonly TF_ATTR_STRING: number;
  readonly TF_ATTR_INT: number;
  readonly TF_ATTR_FLOAT: number;
  readonly TF_ATTR_BOOL: number;
  readonly TF_ATTR_TYPE: number;
  readonly TF_ATTR_SHAPE: number;
  readonly TF_FLOAT: number;
  readonly TF_INT32: number;
  readonly TF_INT64: number;
  readonly TF_UINT8: number;
  readonly TF_BOOL: number;
  readonly TF_STRING: number;
  readonly TF_RESOURCE: number;
  executeOp(name: string, attributes: Attribute[], inputIds: number[], numOutputs: number): NativeTensor[];
  createTensor(shape: number[], dtype: number, values: Values): number;
  deleteTensor(id: number): void;
  tensorDataSync(id: number): Values;
  loadSavedModel(folder: string, tags: string): number;
  deleteSavedModel(id: number): void;
  runSavedModel(id: number, inputIds: number[], inputNames: string, outputNames: string): NativeTensor[];
}

export interface NodeBackend {
  binding: Binding;
  readonly tensorMap: {
    /** `values` until they were given to TensorFlow; only then the id is right. */
    get(dataId: object): { id: number; shape: number[]; dtype: number; values: Values | null };
    has(dataId: object): boolean;
  };
  /** The ids of tensors; values still in JavaScript go to TensorFlow first. */
  getInputTensorIds(tensors: readonly tf.TensorInfo[]): number[];
  createOutputTensor(native: NativeTensor): tf.Tensor;
  executeSingleOutput(name: string, attributes: Attribute[], inputs: readonly tf.TensorInfo[]): tf.Tensor;
  executeMultipleOutputs(
    name: string,
    attributes: readonly Attribute[],
    inputs: readonly tf.TensorInfo[],
    numOutputs: number,
  ): tf.Tensor[];
  write(values: Values, shape: number[], dtype: tf.DataType): object;
  readSync: (dataId: object) => Values;
  read: (dataId: object) => Promise<Values>;
  incRef(dataId: object): void;
}

export function nodeBackend(): NodeBackend {
  const backend = tf.backend(); // sets one up if there is none yet: only then it has a name
  if (tf.getBackend() !== 'tensorflow') {
    throw new Error(
      `Expected the backend "tensorflow" of tfjs-node, found "${tf.getBackend()}": call tf.setBackend`,
    );
  }
  return backend as unknown as NodeBackend;
}

/** Give values that are still in JavaScript to TensorFlow, by this binding and with no regard to what replaces it. */
export function upload(backend: NodeBackend, binding: Binding, dataId: object): void {
  const current = backend.binding;
  backend.binding = binding;
  (Object.getPrototypeOf(backend) as NodeBackend).getInputTensorIds.call(backend, [
    { dataId } as tf.TensorInfo,
  ]);
  backend.binding = current;
}

/** How many operations of TensorFlow the body runs. */
export function countOperations(body: () => void): number {
  const backend = nodeBackend();
  const { binding } = backend;
  let count = 0;
  // The native binding's properties are read-only: a copy with properties of its own, not an heir.
  const names = Object.getOwnPropertyNames(binding);
  const copy = Object.fromEntries(names.map(name => [name, Reflect.get(binding, name) as unknown]));
  backend.binding = {
    ...(copy as unknown as Binding),
    executeOp: (...call) => (count++, binding.executeOp(...call)),
  };
  try {
    body();
  } finally {
    backend.binding = binding;
  }
  return count;
}
