/** A step of a scan, recorded: what it reads, what it gives, and its gradient. */
import { tfjsCore } from '../../../tfjs/core';
import { runWithGradient } from '../../../tfjs/engine';
import { tapeInputs } from '../../../tfjs/tape';
import { nodeBackend } from '../../../tfjs/node_backend';
import { flatten, unflatten, type Structure } from '../../../tfjs/structure';
import { tf } from '../../../tfjs/tensorflow';
import { errorHere, located } from '../../compile_error';
import type { Edge, Placeholder } from '../../graph/graph';
import { withDraws } from '../draws';
import type { Recorder } from '../recorder';
import { assignsInStep, otherState } from '../refusals';

export type AnyStep = (input: never, state: never) => unknown;

/** What a scan is given. */
export interface Scanned {
  readonly step: AnyStep;
  readonly steps: number;
  readonly inputStructure: Structure;
  readonly stateStructure: Structure;
  /** The first element of each sequence. */
  readonly firsts: readonly tf.Tensor[];
  readonly state: readonly tf.Tensor[];
}

/** A step that was recorded; tensors are its values at the first step, kept. */
export interface RecordedStep {
  readonly elements: readonly Placeholder[];
  readonly carried: readonly Placeholder[];
  /** Of random numbers: an element as well, int32 [steps, 2] in all; only if it draws any. */
  readonly seeds?: { readonly placeholder: Placeholder; readonly sequence: Edge };
  readonly outputStructure: Structure;
  readonly outputs: readonly { readonly edge: Edge; readonly tensor: tf.Tensor }[];
  readonly next: readonly { readonly edge: Edge; readonly tensor: tf.Tensor }[];
}

/** A gradient, in terms of the gradients by the outputs and by the next state. */
export interface RecordedGradient {
  /** By the outputs, then by the next state; none for integers. */
  readonly given: readonly (Placeholder | undefined)[];
  /** By the elements, then by the state, then by what was taken from outside. */
  readonly gradients: readonly ({ readonly edge: Edge; readonly tensor: tf.Tensor } | undefined)[];
  readonly captured: readonly tf.Tensor[];
  /** How many of the recorder's nodes there were when the step itself was recorded. */
  readonly numNodes: number;
}

/** @returns its inputs as well, to take gradients by */
export function recordStep(recorder: Recorder, scanned: Scanned): RecordedStep & { inputs: tf.Tensor[] } {
  const elements = scanned.firsts.map(each => addParameter(recorder, each));
  const carried = scanned.state.map(each => addParameter(recorder, each));
  const tensorsOf = (parameters: typeof elements) => parameters.map(({ tensor }) => tensor);
  const draws = new StepSeeds(recorder, scanned.steps);
  const assigned = Object.values(tf.engine().registeredVariables).map(({ dataId }) => dataId);
  const { mayDraw } = recorder;
  recorder.mayDraw = false;
  const result = withDraws(
    () => draws.seed(),
    () =>
      scanned.step(
        unflatten(scanned.inputStructure, tensorsOf(elements)) as never,
        unflatten(scanned.stateStructure, tensorsOf(carried)) as never,
      ),
  );
  recorder.mayDraw = mayDraw; // an error ends the trace, and this recorder with it
  const variables = Object.values(tf.engine().registeredVariables).slice(0, assigned.length);
  if (variables.some(({ dataId }, i) => dataId !== assigned[i])) recorder.refuse(assignsInStep());
  const { output, state } = stepResult(result, scanned.stateStructure, scanned.state);
  const inputs = tensorsOf([...elements, ...carried]);
  const value = (tensor: tf.Tensor) => ({
    edge: recorder.valueOf(tensor),
    tensor: tf.keep(tf.clone(tensor)),
  });
  return {
    inputs,
    elements: elements.map(({ placeholder }) => placeholder),
    carried: carried.map(({ placeholder }) => placeholder),
    seeds: draws.sequence,
    outputStructure: output.structure,
    outputs: output.tensors.map(value),
    next: state.tensors.map(value),
  };
}

/** As recordStep, with the gradient. */
export function recordWithGradient(
  recorder: Recorder,
  scanned: Scanned,
): { step: RecordedStep; gradient: RecordedGradient } {
  // What was made before this is from outside; as a source it has no gradient.
  const mark = tf.scalar(0);
  const sources: tf.Tensor[] = [mark];
  const made = { captured: [] as tf.Tensor[], numNodes: 0, given: [] as (Placeholder | undefined)[] };
  let step: ReturnType<typeof recordStep> | undefined;
  const isFloat = ({ dtype }: tf.Tensor) => dtype === 'float32';
  const run = () => {
    step = recordStep(recorder, scanned);
    made.numNodes = recorder.nodes.length;
    const results = [...step.outputs, ...step.next].map(({ tensor }) => tensor);
    const given = results.map(each => (isFloat(each) ? addParameter(recorder, each) : undefined));
    made.given = given.map(each => each?.placeholder);
    // Kept: the backward pass begins when what the forward pass made is disposed of.
    const seeds = given.flatMap(each => (each ? [tf.keep(each.tensor)] : []));
    // A number that stands for all results: its gradient by them is what is given.
    const [total] = runWithGradient(
      results.filter(isFloat),
      () => [tf.scalar(0)],
      () => seeds,
    );
    const taken = tapeInputs().filter(each => each.id < mark.id && isFloat(each));
    made.captured = taken;
    sources.push(...step.inputs.filter(isFloat), ...taken);
    return total;
  };
  const { grads } = tf.engine().gradients(run, sources, undefined, true);
  const { inputs, ...recorded } = step as ReturnType<typeof recordStep>;
  const gradients = [...inputs, ...made.captured].map(source => {
    const gradient = isFloat(source) ? (grads[sources.indexOf(source)] as tf.Tensor | null) : undefined;
    if (!gradient) return undefined;
    return { edge: recorder.valueOf(gradient), tensor: tf.keep(tf.clone(gradient)) };
  });
  return { step: recorded, gradient: { ...made, gradients } };
}

interface Parameter {
  readonly tensor: tf.Tensor;
  readonly placeholder: Placeholder;
}

/** A tensor that stands for another value at each step. @param like its first value */
export function addParameter(recorder: Recorder, like: tf.Tensor): Parameter {
  const { node, output } = recorder.valueOf(like);
  const type = node.outputs[output];
  const placeholder: Placeholder = {
    kind: 'placeholder',
    name: recorder.nameFor('parameter'),
    outputs: [type],
  };
  return {
    placeholder,
    tensor: recorder.standFor({ node: placeholder, output: 0 }, sampleOf(recorder, like)),
  };
}

/** A value of the right type for what a trace does not compute: a copy of this one, or a stack of copies. */
export function sampleOf(recorder: Recorder, like: tf.Tensor, steps?: number) {
  const { node, output } = recorder.edgeOfData(like.dataId) ?? recorder.valueOf(like);
  const { dtype } = node.outputs[output];
  const { TF_ATTR_INT, TF_ATTR_TYPE } = nodeBackend().binding;
  const type = { name: 'T', type: TF_ATTR_TYPE, value: dtype };
  const id = recorder.idOf(like);
  if (steps === undefined) {
    return recorder.unrecorded('Identity', [type], [id], { shape: like.shape, dtype });
  }
  const count = { name: 'N', type: TF_ATTR_INT, value: steps };
  const ids = new Array<number>(steps).fill(id);
  return recorder.unrecorded('Pack', [type, count], ids, { shape: [steps, ...like.shape], dtype });
}

/** Each step draws from a seed of its own, as each call of a compiled function does. */
class StepSeeds {
  sequence?: { placeholder: Placeholder; sequence: Edge };
  private current?: tf.Tensor;
  /** That of the function around the step. */
  private readonly draw = tfjsCore().randomUniform;

  constructor(
    private readonly recorder: Recorder,
    private readonly steps: number,
  ) {}

  /** int32 [2] */
  seed(): tf.Tensor {
    if (this.current) return this.current;
    const seeds = this.draw([this.steps, 2], -(2 ** 31), 2 ** 31, 'int32');
    const first = tf.reshape(tf.slice(seeds, [0, 0], [1, 2]), [2]);
    const { tensor, placeholder } = addParameter(this.recorder, first);
    this.sequence = { placeholder, sequence: this.recorder.valueOf(seeds) };
    return (this.current = tensor);
  }
}

/**
 * What a step returned, taken apart.
 * @throws CompileError if the state is not nested as it was, or of other shapes or types
 */
export function stepResult(result: unknown, structure: Structure, before: readonly tf.Tensor[]) {
  const { output, state } = (result ?? {}) as { output?: unknown; state?: unknown };
  const isMissing = (part: unknown) => part === undefined || part === null;
  const flat = (value: unknown, what: string, isFixed?: (part: unknown) => boolean) => {
    try {
      return flatten(value, what, isFixed);
    } catch (error) {
      throw errorHere((error as Error).message);
    }
  };
  const outputs = flat(output, 'the output of the step of a scan', isMissing);
  const next = flat(state, 'the state that the step of a scan returns');
  const describe = ({ dtype, shape }: tf.Tensor) => `${dtype} [${shape.join(', ')}]`;
  if (JSON.stringify(next.structure) !== JSON.stringify(structure)) {
    const [then, now] = [structure, next.structure].map(each => JSON.stringify(each));
    throw located(() => otherState(then, now));
  }
  next.tensors.forEach((tensor, i) => {
    const [now, then] = [describe(tensor), describe(before[i])];
    if (now !== then) throw located(() => otherState(then, now));
  });
  return { output: outputs, state: next };
}
