import { BaseCell } from '../base_cell';
import type { RNNCell, State, StateSize } from '../cell';
import { checkCell } from '../checks';
import type { Weights } from '../weights';

/** A cell around another one, with weights beside that one's, and with its output and state if nothing else is said. */
export abstract class WeightedWrapper<
  S extends State,
  W extends Weights & { readonly cell: RNNCell<S> },
> extends BaseCell<S, W> {
  /** @throws UserError if `cell` is none */
  constructor(
    name: string,
    protected readonly cell: RNNCell<S>,
  ) {
    super();
    checkCell(name, cell);
  }

  get outputSize(): number {
    return this.cell.outputSize;
  }

  get stateSize(): StateSize | undefined {
    return this.cell.stateSize;
  }

  override zeroState(batchSize: number): S {
    return this.cell.zeroState(batchSize);
  }
}
