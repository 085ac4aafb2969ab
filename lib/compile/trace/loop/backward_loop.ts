import { nodeBackend } from '../../../tfjs/node_backend';
import { tf } from '../../../tfjs/tensorflow';
import type { Edge, GraphNode, Operation, Placeholder } from '../../graph/graph';
import { closeBody, Entrances, loopNode, typeOf, type Body } from './loops';
import { sampleOf, type RecordedGradient, type RecordedStep, type Scanned } from './record_step';
import type { Recorder } from '../recorder';

/**
 * Bytes that the steps may keep for the backward pass. Beyond that each step is computed once more in the backward pass, from the
 * state before it, which is all that is kept then (Chen et al. 2016, "Training deep nets with sublinear memory cost").
 */
const mostKept = 2 ** 28;

function bytesOf(edges: readonly Edge[]): number {
  return edges.reduce((sum, edge) => sum + 4 * typeOf(edge).shape.reduce((a, b) => a * b, 1), 0);
}

/**
 * @param nodes of the body
 * @param forward what is kept of the forward loop where these nodes read it
 * @param again those of the nodes that the forward loop has as well
 */
function close(
  recorder: Recorder,
  { given, gradients }: RecordedGradient,
  nodes: ReadonlySet<GraphNode>,
  forward: ReadonlySet<GraphNode>,
  again?: ReadonlySet<GraphNode>,
): { body: Body; kept: Entrances; invariants: Entrances } {
  const nameFor = (what: string) => recorder.nameFor(what);
  const [kept, invariants] = [new Entrances(nameFor), new Entrances(nameFor)];
  const own = new Set<GraphNode>(given.flatMap(each => each ?? []));
  const entrance = (edge: Edge) => {
    if (own.has(edge.node)) return edge;
    return (forward.has(edge.node) ? kept : invariants).get(edge);
  };
  const nameOf = (node: GraphNode) => (again?.has(node) ? nameFor(`${node.name}_again`) : node.name);
  const body = closeBody(nodes, entrance, nameOf);
  for (const each of gradients) if (each) body.inside(each.edge);
  return { body, kept, invariants };
}

/** The gradient of a scan: a loop from the last step to the first. */
export class BackwardLoop {
  readonly captured: readonly tf.Tensor[];
  /** What the forward loop has to stack for this one. */
  readonly residuals: readonly Edge[];
  /** To be set: what gives the residuals, as its last outputs. */
  forwardNode?: Operation;
  private readonly body: Body;
  private readonly kept: Entrances;
  private readonly invariants: Entrances;
  /** By the state, and the sums by what was taken from outside. */
  private readonly carried: readonly { placeholder: Placeholder; next: Edge }[];
  private readonly added: Operation[] = [];

  /**
   * @param nodes of the gradient of a step
   * @param parameters of the step itself; @param forward its nodes
   */
  constructor(
    private readonly recorder: Recorder,
    private readonly scanned: Scanned,
    private readonly step: RecordedStep,
    private readonly gradient: RecordedGradient,
    nodes: ReadonlySet<GraphNode>,
    parameters: readonly GraphNode[],
    forward: ReadonlySet<GraphNode>,
  ) {
    const nameFor = (what: string) => recorder.nameFor(what);
    let closed = close(recorder, gradient, nodes, new Set([...parameters, ...forward]));
    if (bytesOf(closed.kept.edges) * scanned.steps > mostKept) {
      closed = close(recorder, gradient, new Set([...forward, ...nodes]), new Set(parameters), forward);
    }
    ({ body: this.body, kept: this.kept, invariants: this.invariants } = closed);
    this.captured = gradient.captured;
    const [numElements, numState] = [scanned.firsts.length, scanned.state.length];
    const ofState = gradient.given.slice(step.outputs.length).flatMap((placeholder, i) => {
      const edge = gradient.gradients[numElements + i]?.edge;
      if (!placeholder) return [];
      return [{ placeholder, next: edge ? this.body.inside(edge) : this.zeros(placeholder) }];
    });
    const ofCaptured = gradient.gradients.slice(numElements + numState).flatMap(each => {
      if (!each) return [];
      const placeholder: Placeholder = {
        kind: 'placeholder',
        name: nameFor('sum'),
        outputs: [typeOf(each.edge)],
      };
      const sum = this.operation('AddV2', [{ node: placeholder, output: 0 }, this.body.inside(each.edge)]);
      return [{ placeholder, next: sum }];
    });
    this.carried = [...ofState, ...ofCaptured];
    this.residuals = this.kept.edges;
  }

  /**
   * @param given gradients by the outputs, each with its steps, then by the last state
   * @param sources what gradients are returned by: the sequences, the state, and what was taken from outside
   */
  run(given: readonly tf.Tensor[], sources: readonly tf.Tensor[]): tf.Tensor[] {
    const { recorder, scanned, step, gradient, kept, invariants } = this;
    const forwardNode = this.forwardNode as Operation;
    const numOutputs = step.outputs.length;
    const numSources = scanned.firsts.length + scanned.state.length; // but for what was taken from outside
    const elements: Placeholder[] = [];
    const sequences: Edge[] = [];
    const fixed: { placeholder: Placeholder; edge: Edge }[] = [];
    step.outputs.forEach((_, i) => {
      const placeholder = gradient.given[i];
      if (!placeholder) return;
      const ofSteps = given.slice(i * scanned.steps, (i + 1) * scanned.steps);
      const { zero, stack } = this.stack(ofSteps);
      if (zero) return fixed.push({ placeholder, edge: zero });
      elements.push(placeholder);
      return sequences.push(stack as Edge);
    });
    const first = forwardNode.outputs.length - kept.placeholders.length;
    kept.placeholders.forEach((placeholder, i) => {
      elements.push(placeholder);
      sequences.push({ node: forwardNode, output: first + i });
    });
    const ofState = given.slice(numOutputs * scanned.steps).filter((_, i) => gradient.given[numOutputs + i]);
    const sums = sources.flatMap((source, i) =>
      i >= numSources && gradient.gradients[i] ? [zerosLike(source)] : [],
    );
    const stacked = gradient.gradients
      .slice(0, scanned.firsts.length)
      .flatMap(each => (each ? [this.body.inside(each.edge)] : []));
    const inputs = [
      ...sequences,
      ...[...ofState, ...sums].map(tensor => recorder.valueOf(tensor)),
      ...fixed.map(({ edge }) => edge),
      ...invariants.edges,
    ];
    const node = loopNode(recorder.nameFor('Scan'), inputs, {
      steps: scanned.steps,
      backward: true,
      elements,
      carried: this.carried.map(({ placeholder }) => placeholder),
      invariants: [...fixed.map(({ placeholder }) => placeholder), ...invariants.placeholders],
      body: [...this.body.nodes, ...this.added],
      next: this.carried.map(({ next }) => next),
      stacked,
    });
    recorder.nodes.push(node);
    return this.results(node, sources);
  }

  /** In the order of the sources; zero where nothing depends on one of them. */
  private results(node: Operation, sources: readonly tf.Tensor[]): tf.Tensor[] {
    const { recorder, scanned, gradient, carried } = this;
    const { firsts, state, steps } = scanned;
    const isCarried = (i: number) =>
      i < firsts.length + state.length
        ? gradient.given[this.step.outputs.length + i - firsts.length] !== undefined
        : gradient.gradients[i] !== undefined;
    let [nextCarried, nextStack] = [0, carried.length];
    return sources.map((source, i) => {
      const sample = gradient.gradients[i]?.tensor;
      if (i < firsts.length) {
        if (!sample) return zerosLike(source);
        return recorder.standFor({ node, output: nextStack++ }, sampleOf(recorder, sample, steps));
      }
      if (!isCarried(i)) return zerosLike(source);
      return recorder.standFor({ node, output: nextCarried++ }, sampleOf(recorder, sample ?? source));
    });
  }

  /** The gradients by one output, step by step; tfjs has arrays of zeros for outputs that nothing depends on. */
  private stack(gradients: readonly tf.Tensor[]): { zero?: Edge; stack?: Edge } {
    const { recorder } = this;
    const edges = gradients.map(each => recorder.valueOf(each));
    const isZero = edges.map(
      ({ node }) => node.kind === 'constant' && (node.values as Float32Array).every(x => x === 0),
    );
    const zero = edges[isZero.indexOf(true)] as Edge | undefined;
    if (zero && isZero.every(each => each)) return { zero };
    const shared = gradients[isZero.indexOf(true)];
    return {
      stack: recorder.valueOf(tf.stack(gradients.map((each, i) => (isZero[i] ? shared : each)))),
    };
  }

  private zeros(like: Placeholder): Edge {
    return this.operation('ZerosLike', [{ node: like, output: 0 }]);
  }

  /** One in the body, of float32. */
  private operation(op: string, inputs: readonly Edge[]): Edge {
    const { TF_ATTR_TYPE, TF_FLOAT } = nodeBackend().binding;
    const attributes = [{ name: 'T', type: TF_ATTR_TYPE, value: TF_FLOAT }];
    const name = this.recorder.nameFor(op);
    const node: Operation = { kind: 'operation', name, op, attributes, inputs, outputs: [typeOf(inputs[0])] };
    this.added.push(node);
    return { node, output: 0 };
  }
}

/** As tf.zerosLike, which would make an array of JavaScript. */
function zerosLike(tensor: tf.Tensor): tf.Tensor {
  const { TF_ATTR_TYPE, TF_FLOAT } = nodeBackend().binding;
  const attributes = [{ name: 'T', type: TF_ATTR_TYPE, value: TF_FLOAT }];
  return nodeBackend().executeSingleOutput('ZerosLike', attributes, [tf.cast(tensor, 'float32')]);
}
