/** A scan while a function is traced: its step is recorded, and becomes the body of a loop. */
import { runWithGradient } from '../../../tfjs/engine';
import { withoutTape } from '../../../tfjs/tape';
import { unflatten } from '../../../tfjs/structure';
import { tf } from '../../../tfjs/tensorflow';
import type { Edge, GraphNode, Placeholder } from '../../graph/graph';
import { BackwardLoop } from './backward_loop';
import { closeBody, dependentOn, Entrances, loopNode, type Body } from './loops';
import {
  recordStep,
  recordWithGradient,
  sampleOf,
  type RecordedGradient,
  type RecordedStep,
  type Scanned,
} from './record_step';
import type { Recorder } from '../recorder';
import { checkSameStep } from './same_step';

const edgeOf = ({ edge }: { edge: Edge }) => edge;
/**
 * @param sequences one for each tensor of an input, [steps, …]
 * @returns the outputs of the steps, and the last state: flat
 */
export function traceScan(
  recorder: Recorder,
  scanned: Scanned,
  sequences: readonly tf.Tensor[],
): { outputs: unknown[]; state: tf.Tensor[] } {
  const start = recorder.nodes.length;
  const withGradient = tf.engine().isTapeOn();
  const { step, gradient } = withoutTape(() => {
    const first = recordStep(recorder, scanned);
    const second = withGradient
      ? recordWithGradient(recorder, scanned)
      : { step: recordStep(recorder, scanned), gradient: undefined };
    checkSameStep(first, second.step);
    const unused = dependentOn(recorder.nodes.slice(start), parametersOf(first));
    recorder.seal(unused);
    const numNodes = (second.gradient?.numNodes ?? 0) - unused.size;
    return { ...second, gradient: second.gradient && { ...second.gradient, numNodes } };
  });
  const scan = new TracedScan(recorder, scanned, sequences, step, gradient, start);
  const tensors = scan.run();
  const numOutputs = step.outputs.length * scanned.steps;
  const ofStep = (t: number) => step.outputs.map((_, i) => tensors[i * scanned.steps + t]);
  return {
    outputs: Array.from({ length: scanned.steps }, (_, t) => unflatten(step.outputStructure, ofStep(t))),
    state: tensors.slice(numOutputs),
  };
}

const parametersOf = ({ elements, carried, seeds }: RecordedStep): Placeholder[] => [
  ...elements,
  ...carried,
  ...(seeds ? [seeds.placeholder] : []),
];

/** The loop of a recorded step, and that of its gradient. */
class TracedScan {
  private readonly body: Body;
  private readonly invariants: Entrances;
  private readonly backward?: BackwardLoop;

  /** @param start how many nodes the recorder had before the step */
  constructor(
    private readonly recorder: Recorder,
    private readonly scanned: Scanned,
    private readonly sequences: readonly tf.Tensor[],
    private readonly step: RecordedStep,
    gradient: RecordedGradient | undefined,
    start: number,
  ) {
    const own = new Set<GraphNode>(parametersOf(step));
    const recorded = recorder.nodes.slice(start);
    const split = gradient ? gradient.numNodes - start : recorded.length;
    const nodes = dependentOn(recorded.slice(0, split), own);
    this.invariants = new Entrances(what => recorder.nameFor(what));
    this.body = closeBody(nodes, edge => (own.has(edge.node) ? edge : this.invariants.get(edge)));
    recorder.seal(nodes);
    if (!gradient) return;
    const given = gradient.given.flatMap(each => each ?? []);
    const backwardNodes = dependentOn(recorded.slice(split), [...own, ...nodes, ...given]);
    this.backward = new BackwardLoop(recorder, scanned, step, gradient, backwardNodes, [...own], nodes);
    recorder.seal(backwardNodes);
  }

  /** @returns of each output its tensors of all steps, then the last state */
  run(): tf.Tensor[] {
    const { backward } = this;
    if (!backward) return this.forward();
    const sources = [...this.sequences, ...this.scanned.state, ...backward.captured];
    return runWithGradient(
      sources,
      save => {
        save(sources);
        return this.forward();
      },
      (given, saved) => backward.run(given, saved),
    );
  }

  private forward(): tf.Tensor[] {
    const { recorder, step, scanned, backward, invariants } = this;
    const { inside, nodes } = this.body;
    const { placeholder: seed, sequence: seeds } = step.seeds ?? {};
    const next = step.next.map(edgeOf).map(inside);
    const stacked = [...step.outputs.map(edgeOf), ...(backward ? backward.residuals : [])].map(inside);
    const inputs = [
      ...this.sequences.map(each => recorder.valueOf(each)),
      ...(seeds ? [seeds] : []),
      ...scanned.state.map(each => recorder.valueOf(each)),
      ...invariants.edges,
    ];
    const node = loopNode(recorder.nameFor('Scan'), inputs, {
      steps: scanned.steps,
      backward: false,
      elements: [...step.elements, ...(seed ? [seed] : [])],
      carried: step.carried,
      invariants: invariants.placeholders,
      body: nodes,
      next,
      stacked,
    });
    recorder.nodes.push(node);
    if (backward) backward.forwardNode = node;
    const stand = (tensor: tf.Tensor, output: number, steps?: number) =>
      recorder.standFor({ node, output }, sampleOf(recorder, tensor, steps));
    const outputs = step.outputs.flatMap(({ tensor }, i) =>
      tf.unstack(stand(tensor, step.next.length + i, scanned.steps)),
    );
    return [...outputs, ...step.next.map(({ tensor }, i) => stand(tensor, i))];
  }
}
