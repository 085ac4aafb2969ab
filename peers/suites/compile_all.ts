/** Has every operation, gradient, optimizer step, layer call and training step of TensorFlow.js go through `compile`. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type * as Compiler from '../../lib/compile';
import type { Compiled, tf as Tf } from '../../lib/compile';
import { coreFolder } from './source_modules';

type Any = (...args: unknown[]) => unknown;
type Class = { readonly prototype: Record<string, Any> };

/** Loaded only when all is in place, as it loads TensorFlow.js. */
const load = createRequire(__filename);
let compiler: typeof Compiler | undefined;
const lazily = () => (compiler ??= load('../../lib/compile') as typeof Compiler);

/** Those whose function lasts: of training steps. */
const lasting: Compiled<never, unknown>[] = [];

/** Free what the compiled training steps of a test hold. */
export function disposeCompiled(): void {
  for (const each of lasting.splice(0)) each.dispose();
}

let isCompiling = false;

/** Call a function once through `compile`: the tensors among its arguments, in lists and records too, are fed. */
function callCompiled(name: string, fn: Any, args: readonly unknown[]): unknown {
  if (isCompiling) return fn(...args);
  const { compile, tf } = lazily();
  const tensors: Tf.Tensor[] = [];
  /** The arguments with the tensors of a call in the place of ours. */
  const place = (part: unknown): ((given: Tf.Tensor[]) => unknown) => {
    if (part instanceof tf.Tensor && !part.isDisposed) {
      const index = tensors.push(part as Tf.Tensor) - 1;
      return given => given[index];
    }
    if (Array.isArray(part) && part.some(each => typeof each === 'object')) {
      const parts = part.map(place);
      return given => parts.map(each => each(given));
    }
    if (part !== null && typeof part === 'object' && Object.getPrototypeOf(part) === Object.prototype) {
      const parts = Object.entries(part).map(([key, value]) => [key, place(value)] as const);
      return given => Object.fromEntries(parts.map(([key, each]) => [key, each(given)]));
    }
    return () => part;
  };
  const places = args.map(place);
  const compiled = compile((given: Tf.Tensor[]) => fn(...places.map(each => each(given))), { name });
  isCompiling = true; // what compile itself does, and what is within, is not compiled once more
  try {
    return compiled(tensors);
  } finally {
    isCompiling = false;
    compiled.dispose();
  }
}

/** Those that are replaced in the exports of tfjs-core while a function is traced. */
const draws = [
  ...[
    'dropout',
    'multinomial',
    'rand',
    'randomGamma',
    'randomNormal',
    'randomStandardNormal',
    'randomUniform',
  ],
  ...['randomUniformInt', 'truncatedNormal'],
];

/** Operations and gradients of tfjs-core. Before anything else of it is loaded. */
export function compileCore(): void {
  const module = (path: string) => load(join(coreFolder, path)) as Record<string, Any>;
  const operation = module('ops/operation.js');
  const { op } = operation;
  operation.op = named => {
    const plain = op(named) as Any;
    const name = Object.keys(named as object)[0].replace(/_$/, '');
    const traced: Any = (...args) => (draws.includes(name) ? module('index.js')[name] : plain)(...args);
    const outer: Any = (...args) => (isCompiling ? plain(...args) : callCompiled(name, traced, args));
    return Object.defineProperty<Any>(outer, 'name', { value: plain.name, configurable: true });
  };
  const gradients = module('gradients.js');
  for (const name of ['grad', 'grads', 'valueAndGrad', 'valueAndGrads', 'customGrad']) {
    const plain = gradients[name];
    gradients[name] = (...args) => {
      const gradient = plain(...args) as Any;
      return (...values: unknown[]) => callCompiled(name, gradient, values);
    };
  }
  const { variableGrads } = gradients;
  gradients.variableGrads = (...args) => callCompiled('variableGrads', variableGrads, args);
  const optimizers = Object.entries(module('index.js')).filter(([name]) => /Optimizer$/.test(name));
  for (const [name, optimizer] of optimizers) {
    const { prototype } = optimizer as unknown as Class;
    compileMethod(prototype, 'minimize', name);
    compileMethod(prototype, 'applyGradients', name);
  }
}

/** Layers and the steps of fit, trainOnBatch and evaluate of tfjs-layers. */
export function compileLayers(layersFolder: string): void {
  const { Layer } = load(join(layersFolder, 'engine', 'topology.ts')) as { Layer: Class };
  const { LayersModel } = load(join(layersFolder, 'engine', 'training.ts')) as { LayersModel: Class };
  const { apply } = Layer.prototype;
  Layer.prototype.apply = function (...args) {
    const isSymbolic = [args[0]].flat().some(each => !(each instanceof lazily().tf.Tensor));
    const name = String(this.name);
    return isSymbolic ? apply.apply(this, args) : callCompiled(name, apply.bind(this), args);
  };
  const { makeTrainFunction, makeTestFunction } = LayersModel.prototype;
  const compiling = (fn: Any) => {
    const compiled = lazily().compile((data: Tf.Tensor[]) => fn(data), { name: 'step' });
    lasting.push(compiled);
    return (data: Tf.Tensor[]) => {
      if (isCompiling) return fn(data);
      isCompiling = true;
      try {
        return compiled(data);
      } finally {
        isCompiling = false;
      }
    };
  };
  LayersModel.prototype.makeTrainFunction = function (...args) {
    return compiling(makeTrainFunction.apply(this, args) as Any);
  };
  LayersModel.prototype.makeTestFunction = function (this: { testFunction: unknown }, ...args) {
    makeTestFunction.apply(this, args);
    this.testFunction = compiling(this.testFunction as Any);
  };
}

function compileMethod(prototype: Class['prototype'], name: string, owner: string): void {
  if (!Object.hasOwn(prototype, name)) return;
  const plain = prototype[name];
  prototype[name] = function (...args) {
    return callCompiled(`${owner}.${name}`, plain.bind(this), args);
  };
}
