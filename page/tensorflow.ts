/** For lib/tfjs/tensorflow in a browser: TensorFlow.js's core, and backends with the kernels that the cells use. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu/dist/base';
import '@tensorflow/tfjs-backend-webgl/dist/base';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm/dist/base';
import type { Backend } from './backends';
import * as cpu from './kernels/cpu';
import * as wasm from './kernels/wasm';
import * as webgl from './kernels/webgl';

export { tf };

for (const kernels of [cpu, wasm, webgl]) {
  for (const kernel of Object.values(kernels)) tf.registerKernel(kernel);
}

/** @param binary of the backend's WebAssembly, compiled with SIMD: there is no place to fetch another from */
export async function setBinary(binary: Uint8Array<ArrayBuffer>): Promise<void> {
  if (await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT')) {
    tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
    tf.env().platform.fetch = () => Promise.resolve(new Response(binary));
    setWasmPaths('', true);
  } else {
    tf.removeBackend('wasm');
  }
}

/** @returns whether there is such a backend here */
export async function useBackend(backend: Backend): Promise<boolean> {
  if (tf.findBackendFactory(backend) === null) return false;
  try {
    return await tf.setBackend(backend);
  } catch {
    return false;
  }
}
