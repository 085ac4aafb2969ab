import type { Random } from '../../../base/random';
import { range } from '../../../base/range';
import { withDefaults } from '../../../settings/defaults';
import { tf } from '../../../tfjs/tensorflow';
import { hasBlockCells, lstmBlockCell } from '../block_cells';
import { BaseCell } from '../../base_cell';
import type { Gates, StateSize, Step } from '../../cell';
import { cellKind } from '../cell_kind';
import { checkNumber, checkUnits } from '../../checks';
import { clip } from '../../layers/clip';
import { linear } from '../../layers/linear';
import { inference, type Pass } from '../../pass';
import { BandWeights } from './band_weights';
import { FrequencyBlocks } from './frequency_blocks';
import {
  BothWeights,
  gridLSTMDefaults,
  gridLSTMSettings,
  type GridLSTMOptions,
  type GridLSTMWeights,
} from './grid_lstm_weights';
import type { LSTMState } from '../lstm_cell';
import { zeros } from '../../zeros';

export type { GridLSTMOptions } from './grid_lstm_weights';

/** The states of both LSTMs. */
interface Both {
  readonly F: LSTMState;
  readonly T: LSTMState;
}

/** One step of a block; a kernel keeps its gates to itself. */
type BlockStep = Both & { readonly gates?: { readonly F: Gates; readonly T: Gates } };

type Memories = readonly [cF: tf.Tensor2D, cT: tf.Tensor2D];

type Weights = BandWeights<BothWeights>;

/**
 * The grid LSTM over time and frequency (Kalchbrenner et al. 2015, "Grid Long Short-Term Memory"; Sainath & Li 2016,
 * "Modeling Time-Frequency Patterns with LSTM vs. Convolutional Architectures for LVCSR Tasks"; GridLSTMCell of
 * tensorflow/contrib/rnn/python/ops/rnn_cell.py). The features are cut in K blocks (see FrequencyBlocks), and two LSTMs
 * go over them: T hands its state on to the next time step, F to the next block. For k = 1 … K, with cF_0 = hF_0 = 0:
 *
 *     z = [x_k, hT_k(t−1), hF_{k−1}]
 *     [i, j, f, o]^F = z·W^F + b^F;   [i, j, f, o]^T = z·W^T + b^T
 *     cF_k = σ(f^F + forgetBias)⊙cF_{k−1} + σ(i^F)⊙tanh(j^F);       hF_k = σ(o^F)⊙tanh(cF_k)
 *     cT_k = σ(f^T + forgetBias)⊙cT_k(t−1) + σ(i^T)⊙tanh(j^T);     hT_k = σ(o^T)⊙tanh(cT_k)
 *
 * - peepholes: each f and i adds w⊙cF_{k−1} + v⊙cT_k(t−1), each o adds w⊙cF_k + v⊙cT_k, with w and v of its own
 * - coupleInputForgetGates: [i, j, o] only; 1 − σ(i) stands in the place of σ(f + forgetBias)
 * - shareTimeFrequencyWeights: T has the weights of F, peepholes too
 *
 * - cellClip: cF_k and cT_k are held in ±cellClip before they are shown and handed on
 *
 * All blocks of a band have the same weights. Several bands (startFreqindexList, endFreqindexList) each have weights of
 * their own, and F starts anew in each. State: cT_k and hT_k [batch, units] for each block, band after band.
 * Output: [hT_1, hF_1, …, hT_K, hF_K], of width 2·units·K, band after band. A second layer cuts all of that in blocks
 * again; an OutputProjectionWrapper around the first makes it narrow. Initial values: W glorot uniform, b 0, each w and
 * v uniform ±√(3/units). In Kalchbrenner et al. the input only starts a dimension off; here x_k is a part of z. With
 * its state in one tensor, the original lets every band read the first band's state; with its state in a tuple, as
 * here, each reads its own.
 */
export class GridLSTMCell extends BaseCell<readonly LSTMState[], Weights> {
  readonly blocks: FrequencyBlocks;
  private readonly options: Required<GridLSTMOptions>;

  constructor(
    private readonly units: number,
    options: GridLSTMOptions = {},
  ) {
    super();
    this.options = withDefaults(gridLSTMDefaults, options);
    checkUnits(units, 'GridLSTMCell');
    checkNumber("GridLSTMCell's forgetBias", this.options.forgetBias);
    checkNumber("GridLSTMCell's cellClip", this.options.cellClip, 0);
    this.blocks = new FrequencyBlocks(this.options, 'GridLSTMCell');
  }

  /** Known once the cell is built. */
  get outputSize(): number {
    return 2 * this.units * this.weights.numBlocks;
  }

  get stateSize(): StateSize {
    return range(this.weights.numBlocks).map(() => ({ c: this.units, h: this.units }));
  }

  protected createWeights(inputSize: number, random: Random): Weights {
    const { units, options, blocks } = this;
    const size = blocks.featureSize + 2 * units;
    const create = (itsRandom: Random) => new BothWeights(size, units, options, itsRandom);
    return new BandWeights(blocks.count(inputSize), random, create);
  }

  call(x: tf.Tensor2D, state: readonly LSTMState[], pass: Pass = inference): Step<readonly LSTMState[]> {
    this.weightsFor(x, state);
    return this.sweep(this.blocks.cut(x), state, pass);
  }

  /**
   * One time step.
   * @param bands for each band its blocks, [batch, featureSize] each, in the order in which F goes over them
   */
  sweep(
    bands: readonly (readonly tf.Tensor2D[])[],
    state: readonly LSTMState[],
    pass: Pass,
  ): Step<readonly LSTMState[]> {
    const { fused, coupleInputForgetGates, peepholes, cellClip } = this.options;
    const hasKernel = fused && !coupleInputForgetGates && !peepholes && !cellClip;
    const step = hasKernel && !pass.gates && hasBlockCells() ? kernels : equations;
    const before = [...state]; // of the blocks that are still to come
    const steps = bands.flatMap((blocks, b) => {
      let F = this.zeros(blocks[0].shape[0]);
      return blocks.map(x => {
        const both = step(x, { F, T: before.shift() as LSTMState }, this.weights.bands[b], this.options);
        F = both.F; // to the next block
        return both;
      });
    });
    const output = tf.concat(
      steps.flatMap(({ F, T }) => [T.h, F.h]),
      1,
    );
    return { output, state: steps.map(({ T }) => T), gates: steps.flatMap(({ gates }) => gates ?? []) };
  }

  private zeros(batchSize: number): LSTMState {
    return zeros({ c: this.units, h: this.units }, batchSize);
  }
}

/** One block x, with F from the block before and T from the time step before; @returns both as they are now */
function equations(
  x: tf.Tensor2D,
  { F, T }: Both,
  { frequency, time }: BothWeights,
  options: Required<GridLSTMOptions>,
): BlockStep {
  const z = tf.concat([x, T.h, F.h], 1);
  const before: Memories = [F.c, T.c];
  const newF = remember(z, F.c, before, frequency, options);
  const newT = remember(z, T.c, before, time, options);
  const after: Memories = [newF.c, newT.c];
  const oF = tf.sigmoid(peep(newF.o, 'o', after, frequency)); // output gates: how much of the memory to show
  const oT = tf.sigmoid(peep(newT.o, 'o', after, time));
  return {
    F: { c: newF.c, h: tf.mul(oF, tf.tanh(newF.c)) },
    T: { c: newT.c, h: tf.mul(oT, tf.tanh(newT.c)) },
    gates: { F: { ...newF.gates, o: oF }, T: { ...newT.gates, o: oT } },
  };
}

/** What becomes of an LSTM's own memory, cF or cT, by which gates, and the sum that its output gate is made of. */
function remember(
  z: tf.Tensor2D,
  own: tf.Tensor2D,
  memories: Memories,
  weights: GridLSTMWeights,
  { coupleInputForgetGates: coupled, forgetBias, cellClip }: Required<GridLSTMOptions>,
): { c: tf.Tensor2D; o: tf.Tensor2D; gates: Record<'i' | 'j' | 'f', tf.Tensor2D> } {
  const sums = tf.split<tf.Tensor2D>(linear(z, weights), coupled ? 3 : 4, 1); // i, j, f, o, or without f
  const [i, j] = sums;
  const write = tf.sigmoid(peep(i, 'i', memories, weights)); // input gate: how much of the candidate to write
  const keep = coupled // forget gate: how much memory to keep
    ? tf.sub<tf.Tensor2D>(1, write)
    : tf.sigmoid(tf.add<tf.Tensor2D>(peep(sums[2], 'f', memories, weights), forgetBias));
  const candidate = tf.tanh(j);
  const c = clip(tf.add<tf.Tensor2D>(tf.mul(keep, own), tf.mul(write, candidate)), cellClip);
  return { c, o: sums[sums.length - 1], gates: { i: write, j: candidate, f: keep } };
}

/** Let a gate see both memories, where there are peepholes. */
function peep(sum: tf.Tensor2D, gate: string, [cF, cT]: Memories, weights: GridLSTMWeights): tf.Tensor2D {
  const { [`w_${gate}_frequency`]: w, [`w_${gate}_time`]: v } = weights;
  return w ? (tf.addN([sum, tf.mul(w, cF), tf.mul(v, cT)]) as tf.Tensor2D) : sum;
}

/** The same, without peepholes and coupled gates, as two of TensorFlow's LSTM kernels. */
function kernels(
  x: tf.Tensor2D,
  { F, T }: Both,
  { frequency, time }: BothWeights,
  { forgetBias }: Required<GridLSTMOptions>,
): BlockStep {
  const xT = tf.concat([x, T.h], 1);
  const [cF, hF] = lstmBlockCell(xT, F, frequency, forgetBias);
  const [cT, hT] = lstmBlockCell(xT, { c: T.c, h: F.h }, time, forgetBias);
  return { F: { c: cF, h: hF }, T: { c: cT, h: hT } };
}

export const gridLSTMKind = cellKind(
  'gridLstm',
  gridLSTMSettings,
  (settings, units) => new GridLSTMCell(units, settings),
);
