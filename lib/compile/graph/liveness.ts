import type { Edge, GraphNode, Loop } from './graph';

/** The outputs of nodes that something reads. */
export type Live = Map<GraphNode, Set<number>>;

/** What of a loop is needed, by index. */
export interface LiveLoop {
  readonly carried: ReadonlySet<number>;
  readonly stacked: ReadonlySet<number>;
  readonly body: Live;
}

/**
 * @param nodes each after those that it reads
 * @param wanted what is read in the end
 */
export function liveOutputs(nodes: readonly GraphNode[], wanted: readonly Edge[]): Live {
  const live: Live = new Map();
  const read = ({ node, output }: Edge) => {
    const outputs = live.get(node);
    if (outputs) outputs.add(output);
    else live.set(node, new Set([output]));
  };
  wanted.forEach(read);
  for (const node of [...nodes].reverse()) {
    const outputs = live.get(node);
    if (!outputs || node.kind !== 'operation') continue;
    if (!node.loop) node.inputs.forEach(read);
    else for (const index of liveInputs(node.loop, liveInLoop(node.loop, outputs))) read(node.inputs[index]);
  }
  return live;
}

/** @param outputs of the loop that are read */
export function liveInLoop(loop: Loop, outputs: ReadonlySet<number>): LiveLoop {
  const count = loop.carried.length;
  const carried = new Set([...outputs].filter(output => output < count));
  const stacked = new Set([...outputs].filter(output => output >= count).map(output => output - count));
  // What is carried is needed as well if a step needs it for something else that is needed.
  for (;;) {
    const wanted = [...[...carried].map(i => loop.next[i]), ...[...stacked].map(i => loop.stacked[i])];
    const body = liveOutputs(loop.body, wanted);
    const before = carried.size;
    loop.carried.forEach((placeholder, i) => body.has(placeholder) && carried.add(i));
    if (carried.size === before) return { carried, stacked, body };
  }
}

/** Which inputs of a loop's node its steps need, by index. */
function liveInputs({ elements, carried, invariants }: Loop, live: LiveLoop): number[] {
  const isRead = (placeholder: GraphNode) => live.body.has(placeholder);
  return [
    ...elements.flatMap((element, i) => (isRead(element) ? [i] : [])),
    ...[...live.carried].map(i => elements.length + i),
    ...invariants.flatMap((each, i) => (isRead(each) ? [elements.length + carried.length + i] : [])),
  ];
}
