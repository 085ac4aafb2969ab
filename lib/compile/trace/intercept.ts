import { tf } from '../../tfjs/tensorflow';
import { CompileError } from '../compile_error';
import type { Binding, NodeBackend, Values } from '../../tfjs/node_backend';

/** What is done in place of the backend's own calls, while a body runs. */
export interface Interceptor {
  executeOp: Binding['executeOp'];
  createTensor: Binding['createTensor'];
  /** Called before a kernel uses these tensors. */
  beforeUse(tensors: readonly tf.TensorInfo[]): void;
  /** Called before what a kernel made becomes a tensor; throws if that may not be. */
  beforeOutput(id: number): void;
  /** Called when an array of JavaScript becomes a tensor; its data gets this id. */
  onWrite(values: Values, dataId: object): void;
  /** Called when somebody reads values, which `read` gets; throws if that may not be. */
  readSync(dataId: object, read: () => Values): Values;
}

/**
 * Run the body with an interceptor in the place of tfjs-node's native binding. Tensors that the body gives up are
 * freed at once, as always: the binding never uses an id twice. Those with an id below zero do not exist.
 */
export function intercept<T>(backend: NodeBackend, interceptor: Interceptor, body: () => T): T {
  const native = backend.binding;
  const inherited = Object.getPrototypeOf(backend) as NodeBackend;
  // The native binding's properties are read-only: a copy with properties of its own, not an heir.
  const names = Object.getOwnPropertyNames(native);
  const copy = Object.fromEntries(names.map(name => [name, Reflect.get(native, name) as unknown]));
  backend.binding = {
    ...(copy as unknown as Binding),
    executeOp: (...call) => interceptor.executeOp(...call),
    createTensor: (...call) => interceptor.createTensor(...call),
    deleteTensor: id => {
      if (id >= 0) native.deleteTensor(id);
    },
  };
  const replaced: Partial<NodeBackend> = {
    getInputTensorIds(tensors) {
      interceptor.beforeUse(tensors);
      return inherited.getInputTensorIds.call(backend, tensors);
    },
    createOutputTensor(made) {
      interceptor.beforeOutput(made.id);
      return inherited.createOutputTensor.call(backend, made);
    },
    readSync(dataId) {
      return interceptor.readSync(dataId, () => inherited.readSync.call(backend, dataId));
    },
    read(dataId) {
      try {
        return Promise.resolve(interceptor.readSync(dataId, () => inherited.readSync.call(backend, dataId)));
      } catch {
        // What waits for values that may not be read never goes on: nobody is there to catch its errors.
        return new Promise(() => {});
      }
    },
    write(values, shape, dtype) {
      const dataId = inherited.write.call(backend, values, shape, dtype);
      interceptor.onWrite(values, dataId);
      return dataId;
    },
  };
  Object.assign(backend, replaced);
  const restoreGather = gatherWithoutCheck(inherited);
  try {
    return body();
  } finally {
    restoreGather();
    backend.binding = native;
    for (const method of Object.keys(replaced)) Reflect.deleteProperty(backend, method);
  }
}

/**
 * tfjs-node's GatherV2 reads its indices, only to check them. TensorFlow checks them as well, so the kernel gets to
 * see no indices here.
 */
function gatherWithoutCheck(inherited: NodeBackend): () => void {
  const kernel = tf.getKernel('GatherV2', 'tensorflow');
  const { kernelFunc } = kernel;
  kernel.kernelFunc = args => {
    const backend = args.backend as NodeBackend;
    const { readSync } = backend;
    backend.readSync = () => new Int32Array(0);
    try {
      return kernelFunc(args);
    } catch (error) {
      if (error instanceof CompileError) throw error;
      backend.readSync = dataId => inherited.readSync.call(backend, dataId);
      return kernelFunc(args); // says what is wrong in its own words
    } finally {
      backend.readSync = readSync;
    }
  };
  return () => {
    kernel.kernelFunc = kernelFunc;
  };
}
