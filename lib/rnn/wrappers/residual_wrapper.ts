import { UserError } from '../../base/errors';
import type { Random } from '../../base/random';
import { tf } from '../../tfjs/tensorflow';
import type { RNNCell, State, Step } from '../cell';
import { inference, type Pass } from '../pass';
import { CellWrapper } from './cell_wrapper';
import { wrapperKind } from './wrapper_kind';

/** Options of a `ResidualWrapper`. */
export interface ResidualOptions {
  /** Leave the output as it is where input and output differ in width, rather than throw. Default false. */
  skipUnequal?: boolean;
}

/**
 * Adds a cell's input to its output (He et al. 2015; Wu et al. 2016; ResidualWrapper of tf.contrib.rnn):
 *
 *     output = y + x      x, y: [batch, outputSize]
 *
 * The state is the inner cell's own. No weights of its own.
 */
export class ResidualWrapper<S extends State> extends CellWrapper<S> {
  constructor(
    cell: RNNCell<S>,
    private readonly options: ResidualOptions = {},
  ) {
    super('ResidualWrapper', cell);
  }

  /** @throws UserError where input and output differ in width, without skipUnequal; then no weights are left */
  override build(inputSize: number, random: Random): this {
    const { outputSize, variables } = this.cell.build(inputSize, random); // some cells know their width only then
    if (inputSize !== outputSize && !this.options.skipUnequal) {
      tf.dispose({ ...variables });
      throw new UserError(
        `ResidualWrapper: expected as many inputs as outputs (${outputSize}), found ${inputSize}: ` +
          'project the input to that width first, or set skipUnequal to leave this output as it is',
      );
    }
    return this;
  }

  call(x: tf.Tensor2D, state: S, pass: Pass = inference): Step<S> {
    const step = this.cell.call(x, state, pass);
    if (x.shape[1] !== step.output.shape[1]) return step; // only with skipUnequal: build refuses it otherwise
    return { ...step, output: tf.add<tf.Tensor2D>(step.output, x) };
  }
}

/** Leaves a cell as it is where its input and output differ in width, as in most first layers. */
export const residualKind = wrapperKind(
  'residual',
  {},
  (_, cell) => new ResidualWrapper(cell, { skipUnequal: true }),
);
