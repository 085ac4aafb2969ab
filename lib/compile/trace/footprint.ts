import { tf } from '../../tfjs/tensorflow';
import { located, type CompileError } from '../compile_error';
import type { Optimizer } from '../graph/graph';
import { nodeBackend } from '../../tfjs/node_backend';
import { disposesOutside, leftFromTrace, makesVariable } from './refusals';
import type { ShapeGuard } from './value_shapes';

/** The parts of tfjs's engine through which everything is made and given up. */
export interface Engine {
  track(tensor: tf.Tensor): tf.Tensor;
  makeVariable(...args: unknown[]): tf.Variable;
  makeTensorFromTensorInfo(...args: unknown[]): tf.Tensor;
  disposeTensor(tensor: tf.Tensor): void;
  disposeVariable(variable: tf.Variable): void;
  runKernel(kernel: string, ...args: unknown[]): unknown;
}

/** A tensor with what its type hides. */
export interface OpenTensor {
  dataId: object;
  isDisposedInternal: boolean;
  kept?: boolean;
}

/**
 * What one run of a traced function makes, and what it does to things outside: so that nothing of that lasts. Tensors
 * from outside that it disposes of are only marked so.
 */
export class Footprint {
  /** Every tensor that was made, with those already disposed of. */
  private readonly made = new Set<tf.Tensor>();
  /** Variables that were made, copies of their first values, and the error that names the line. */
  readonly variables: { variable: tf.Variable; first: tf.Tensor; error: CompileError }[] = [];
  /** What was made outside, and disposed of by the function. */
  readonly disposed: (tf.Tensor | tf.Variable)[] = [];
  /** Where that was: errors for those that may not be disposed of. */
  readonly disposals = new Map<tf.Tensor, CompileError>();
  /** What is still there at the end, and whether the function asked to keep it. */
  readonly left: { tensor: tf.Tensor; kept: boolean }[] = [];
  /** Optimizers of tfjs that took a step, and their counts before. */
  readonly steps = new Map<Optimizer, { before: number | undefined; count: number }>();

  /** @param onTensor gets every tensor that is made */
  constructor(
    private readonly guard: ShapeGuard,
    private readonly onTensor: (tensor: tf.Tensor) => void,
  ) {}

  /** Run the body and watch what it does. */
  watch<T>(body: () => T): T {
    const engine = tf.engine() as unknown as Engine;
    const own = Object.getPrototypeOf(engine) as Engine;
    const hooks: Partial<Engine> = {
      track: tensor => {
        // An inner scope hands its result to the outer one: that is not a new tensor.
        if (!this.made.has(tensor)) this.onTensor(tensor);
        this.made.add(tensor);
        return own.track.call(engine, tensor);
      },
      makeTensorFromTensorInfo: (...args) =>
        this.guard.allow(() => own.makeTensorFromTensorInfo.apply(engine, args)),
      makeVariable: (...args) => {
        const variable = own.makeVariable.apply(engine, args);
        this.variables.push({ variable, first: this.firstValue(variable), error: makesVariable() });
        return variable;
      },
      disposeTensor: tensor => {
        if (tensor instanceof tf.Variable || this.made.has(tensor)) {
          this.guard.allow(() => own.disposeTensor.call(engine, tensor));
        } else this.noteDisposed(tensor, 'tensor');
      },
      disposeVariable: variable => {
        const isOwn = this.variables.some(each => each.variable === variable);
        if (isOwn) own.disposeVariable.call(engine, variable);
        else this.noteDisposed(variable, 'variable');
      },
      runKernel: (kernel, ...args) =>
        this.guard.runKernel(kernel, () => own.runKernel.call(engine, kernel, ...args)),
    };
    Object.assign(engine, hooks);
    const stopCounting = this.countSteps();
    try {
      return body();
    } finally {
      stopCounting();
      this.guard.end();
      for (const name of Object.keys(hooks)) Reflect.deleteProperty(engine, name);
      for (const tensor of this.made) {
        if (tensor.isDisposed) continue;
        const open = tensor as unknown as OpenTensor;
        this.left.push({ tensor, kept: open.kept === true });
        open.kept = true; // until it is known whether the function goes on with it
      }
    }
  }

  /** Variables that were made and are still there get their first values again. */
  restoreVariables(): void {
    for (const { variable, first } of this.variables) {
      if (!variable.isDisposed) variable.assign(first);
    }
  }

  private noteDisposed(tensor: tf.Tensor, what: string): void {
    this.disposed.push(tensor);
    this.disposals.set(tensor, disposesOutside(what));
  }

  /** A copy of the value for which no operation is run. */
  private firstValue({ dataId, shape, dtype }: tf.Variable): tf.Tensor {
    nodeBackend().incRef(dataId);
    const copy = (tf.engine() as unknown as Engine).makeTensorFromTensorInfo({ dataId, shape, dtype });
    this.made.delete(copy); // it is ours, not the function's
    return tf.keep(copy);
  }

  /** tfjs's optimizers count their steps in JavaScript: the count goes back at the end. */
  private countSteps(): () => void {
    const prototype = tf.Optimizer.prototype as unknown as Optimizer;
    const incrementIterations = Reflect.get<Optimizer, 'incrementIterations'>(
      prototype,
      'incrementIterations',
    );
    const { steps } = this;
    prototype.incrementIterations = function (this: Optimizer) {
      const { before, count } = steps.get(this) ?? { before: this.iterations_, count: 0 };
      steps.set(this, { before, count: count + 1 });
      incrementIterations.call(this);
    };
    return () => {
      prototype.incrementIterations = incrementIterations;
      for (const [optimizer, { before }] of steps) optimizer.iterations_ = before;
    };
  }
}

/**
 * Dispose of a tensor that only a trace knew. Where the function has put it somewhere, its use is an error that says
 * so.
 */
export function retire(tensor: tf.Tensor): void {
  tensor.dispose();
  const refuse = () => {
    throw located(leftFromTrace);
  };
  Object.defineProperties(tensor, { dataId: { get: refuse }, throwIfDisposed: { value: refuse } });
}
