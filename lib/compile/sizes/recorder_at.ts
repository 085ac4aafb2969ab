import type { Operation } from '../graph/graph';
import { nodeBackend, type Attribute, type NativeTensor } from '../../tfjs/node_backend';
import type { CompileError } from '../compile_error';
import { Recorder } from '../trace/recorder';
import type { Story } from '../trace/story';
import { otherAtSize } from './refusals';

/** Records or replays a function at other sizes than those of its first trace, and refuses it if it differs. */
export class RecorderAt extends Recorder {
  /**
   * @param first the trace that this one must be like
   * @param replayed the story at these sizes, if nothing is to be run. Default: everything is run
   */
  constructor(
    private readonly sizes: readonly number[],
    private readonly first: Recorder,
    replayed?: Story,
  ) {
    super(nodeBackend(), replayed);
  }

  override executeOp(
    op: string,
    attributes: Attribute[],
    inputIds: number[],
    numOutputs: number,
  ): NativeTensor[] {
    const place = this.operations.length;
    const made = super.executeOp(op, attributes, inputIds, numOutputs);
    const now = this.operations[place];
    const before = this.first.operations[place] as Operation | undefined;
    if (now.op !== before?.op) this.differ(`${before?.op ?? 'nothing'} first, ${now.op} then`);
    if (now.inputs.length !== before.inputs.length) {
      this.differ(`${op} of ${before.inputs.length} inputs first, of ${now.inputs.length} then`);
    }
    for (const [i, { name, value }] of now.attributes.entries()) {
      const first = before.attributes[i]?.value;
      if (JSON.stringify(first) === JSON.stringify(value)) continue;
      this.differ(
        `the setting ${name} of ${op} is ${JSON.stringify(first)} first, ${JSON.stringify(value)} then`,
      );
    }
    return made;
  }

  override refuse(error: CompileError): never {
    return super.refuse(otherAtSize(this.sizes, error.found));
  }

  override finish(): void {
    if (this.refusal) throw this.refusal;
    const missing = this.first.operations[this.operations.length] as Operation | undefined;
    if (missing) this.differ(`${missing.op} first, nothing then`);
  }

  private differ(detail: string): never {
    return super.refuse(otherAtSize(this.sizes, detail));
  }
}
