/** Weights of gated cells in no program's layout: by gate. */
import type { tf } from '../../tfjs/tensorflow';

/** Of one gate: x·input + h·hidden + inputBias + hiddenBias. */
export interface GateWeights {
  /** [features, units] */
  readonly input: tf.Tensor2D;
  /** [units, units] */
  readonly hidden: tf.Tensor2D;
  /** [units] */
  readonly inputBias: tf.Tensor1D;
  /** [units]; undefined where there is one bias. */
  readonly hiddenBias?: tf.Tensor1D;
}

/** A layer that reads in one direction. */
export interface LayerWeights {
  /** By our cells' names: r, u, c of a GRU; i, j, f, o of an LSTM. */
  readonly gates: Readonly<Record<string, GateWeights>>;
  readonly kind: 'gru' | 'lstm';
  /** Of a GRU: whether the reset gate acts after the product. */
  readonly resetAfter?: boolean;
  /** For messages: `PyTorch's GRU`. */
  readonly name: string;
}

/** What a file of another program holds. */
export interface ForeignWeights {
  readonly forward: readonly LayerWeights[];
  readonly backward: readonly LayerWeights[];
  /** kernel [features, classes] and bias [classes]. */
  readonly output: { readonly kernel: tf.Tensor2D; readonly bias: tf.Tensor1D };
}
