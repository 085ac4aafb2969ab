import type { Random } from '../../../base/random';
import { flag } from '../../../settings/setting_types';
import { tf } from '../../../tfjs/tensorflow';
import type { Variables } from '../../cell';
import { cellClip, forgetBias, peepholes } from '../cell_kind';
import { blockSettings, type BlockOptions } from './frequency_blocks';
import { glorotUniform } from '../../layers/initializers';
import { Linear } from '../../layers/linear';

export interface GridLSTMOptions extends BlockOptions {
  /** One set of weights for both LSTMs. Default false. */
  shareTimeFrequencyWeights?: boolean;
  /** Keep what the input gate does not overwrite, without a forget gate. Default false. */
  coupleInputForgetGates?: boolean;
  /** Let the gates see the memories of both LSTMs. Default false. */
  peepholes?: boolean;
  /** Added to the forget gate before σ. Default 1. */
  forgetBias?: number;
  /** Hold both memories in ±cellClip, before they are shown. Default 0: no limit. */
  cellClip?: number;
  /** Run an LSTM as one kernel of TensorFlow where there is one for it: the same numbers, sooner. Default true. */
  fused?: boolean;
}

/** The settings of the grid LSTMs over time and frequency. */
export const gridLSTMSettings = {
  ...blockSettings,
  shareTimeFrequencyWeights: flag(false, { description: 'one set of weights for both LSTMs' }),
  coupleInputForgetGates: flag(false, { description: 'keep what the input gate does not overwrite' }),
  peepholes,
  forgetBias,
  cellClip,
};

/** The weights of one of the two LSTMs of a GridLSTMCell. */
export class GridLSTMWeights {
  /** To the sums of i, j, f, o, or of i, j, o where f is coupled to i. */
  readonly gates: Linear;
  /** For each gate, how it sees either memory: `w_i_frequency`, `w_i_time`, … [units]; empty without peepholes. */
  readonly peepholes: Variables;

  /** @param inputSize width of z */
  constructor(
    inputSize: number,
    units: number,
    { coupleInputForgetGates: coupled = false, peepholes = false }: GridLSTMOptions,
    random: Random,
  ) {
    const gates = coupled ? ['i', 'o'] : ['i', 'f', 'o'];
    const names = peepholes ? gates.flatMap(gate => [`w_${gate}_frequency`, `w_${gate}_time`]) : [];
    const vector = (name: string) => tf.tidy(() => tf.variable(glorotUniform([units], random.fork(name))));
    this.gates = new Linear(inputSize, (coupled ? 3 : 4) * units, random.fork('gates'));
    this.peepholes = Object.fromEntries(names.map(name => [name, vector(name)]));
  }

  get variables(): Variables {
    return { ...this.gates.variables, ...this.peepholes };
  }
}
