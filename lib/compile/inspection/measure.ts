/** What the operations of a graph take, each run by itself. */
import type { Graph, Operation } from '../graph/graph';
import { OneByOne, type Watch } from '../graph/one_by_one';
import { outgoingOf, type Program } from '../graph/program';
import { nodeBackend, type NativeTensor } from '../../tfjs/node_backend';

/** Of one operation in a call, with all steps if it is in a loop. */
export interface Cost {
  readonly operation: Operation;
  readonly seconds: number;
  readonly count: number;
  /** Of what it gives, without what only shows its input in another shape. */
  readonly bytes: number;
}

export interface Measurement {
  /** Of the whole graph. */
  readonly graphSeconds: number;
  readonly costs: readonly Cost[];
  /** The most that was held at once, besides what the graph is given and its constants. */
  readonly peakBytes: number;
}

const repetitions = 5;

/** Give the bytes of their input another shape. */
const views = /^(Reshape|ExpandDims|Squeeze|Identity|StopGradient)$/;

/**
 * Run the graph as it is and operation by operation, in turns, each once unmeasured and five times measured: times are
 * medians.
 * @param graph with loops that are not lowered yet; @param program made of the same
 * @param inputs ids
 */
export function measure(graph: Graph, program: Program, inputs: number[]): Measurement {
  const { binding } = nodeBackend();
  const oneByOne = new OneByOne(graph.nodes, outgoingOf(graph));
  const given = new Map(graph.inputs.map(({ placeholder }, i) => [placeholder, inputs[i]]));
  const free = (tensors: readonly NativeTensor[]) => tensors.forEach(({ id }) => binding.deleteTensor(id));
  const graphTimes: number[] = [];
  const ledgers: Ledger[] = [];
  try {
    for (let run = 0; run <= repetitions; run++) {
      const start = performance.now();
      free(program.run(inputs));
      graphTimes.push((performance.now() - start) / 1000);
      const ledger = new Ledger();
      free(oneByOne.run(given, ledger));
      ledgers.push(ledger);
    }
  } finally {
    oneByOne.dispose();
  }
  const [first, ...others] = ledgers;
  const costs = [...first.entries].map(([operation, { count, bytes }]): Cost => {
    const seconds = median(others.map(({ entries }) => entries.get(operation)?.seconds ?? 0));
    return { operation, seconds, count, bytes };
  });
  return { graphSeconds: median(graphTimes.slice(1)), costs, peakBytes: first.peakBytes };
}

/** Of one run, operation by operation. */
class Ledger implements Watch {
  readonly entries = new Map<Operation, { seconds: number; count: number; bytes: number }>();
  peakBytes = 0;
  private heldBytes = 0;
  /** Memory of tensors, by their ids; several may show the same. */
  private readonly buffers = new Map<number, { readonly bytes: number; users: number }>();

  ran(node: Operation, seconds: number, inputs: readonly number[], outputs: readonly NativeTensor[]): void {
    const entry = this.entries.get(node) ?? { seconds: 0, count: 0, bytes: 0 };
    this.entries.set(node, entry);
    entry.seconds += seconds;
    entry.count++;
    if (views.test(node.op)) {
      const shown = this.buffers.get(inputs[0]) ?? { bytes: 0, users: 0 }; // else it comes from outside
      shown.users++;
      this.buffers.set(outputs[0].id, shown);
      return;
    }
    for (const output of outputs) {
      const bytes = bytesOf(output);
      this.buffers.set(output.id, { bytes, users: 1 });
      entry.bytes += bytes;
      this.heldBytes += bytes;
    }
    this.peakBytes = Math.max(this.peakBytes, this.heldBytes);
  }

  freed(id: number): void {
    const buffer = this.buffers.get(id);
    if (!buffer) return;
    this.buffers.delete(id);
    buffer.users--;
    if (buffer.users === 0) this.heldBytes -= buffer.bytes;
  }
}

/** Texts count as nothing. */
function bytesOf({ shape, dtype }: NativeTensor): number {
  const { TF_FLOAT, TF_INT32, TF_INT64, TF_BOOL, TF_UINT8 } = nodeBackend().binding;
  const sizes: Record<number, number> = {
    [TF_FLOAT]: 4,
    [TF_INT32]: 4,
    [TF_INT64]: 8,
    [TF_BOOL]: 1,
    [TF_UINT8]: 1,
  };
  return shape.reduce((product, size) => product * size, sizes[dtype] ?? 0);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}
