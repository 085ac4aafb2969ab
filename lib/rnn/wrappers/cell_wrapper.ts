import type { Random } from '../../base/random';
import type { tf } from '../../tfjs/tensorflow';
import type { RNNCell, State, StateSize, Step, Variables } from '../cell';
import { checkCell } from '../checks';
import type { Pass } from '../pass';

/** A cell around another one, with the sizes, weights and state of that. A wrapper without weights has only `call` to add. */
export abstract class CellWrapper<S extends State> implements RNNCell<S> {
  /** @throws UserError if `cell` is none */
  constructor(
    name: string,
    readonly cell: RNNCell<S>,
  ) {
    checkCell(name, cell);
  }

  get outputSize(): number {
    return this.cell.outputSize;
  }

  get inputSize(): number | undefined {
    return this.cell.inputSize;
  }

  get inputType(): 'int32' | undefined {
    return this.cell.inputType;
  }

  get stateSize(): StateSize | undefined {
    return this.cell.stateSize;
  }

  get variables(): Variables {
    return this.cell.variables;
  }

  build(inputSize: number, random: Random): this {
    this.cell.build(inputSize, random);
    return this;
  }

  zeroState(batchSize: number): S {
    return this.cell.zeroState(batchSize);
  }

  abstract call(x: tf.Tensor2D, state: S, pass?: Pass): Step<S>;
}
