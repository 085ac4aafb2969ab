import type { Random } from '../../../base/random';
import { defaultsOf } from '../../../settings/defaults';
import { flag } from '../../../settings/setting_types';
import type { tf } from '../../../tfjs/tensorflow';
import type { Variables } from '../../cell';
import { variablesOf, type HasVariables } from '../../weights';
import { cellClip, forgetBias, peepholes } from '../cell_kind';
import { blockSettings, type BlockOptions } from './frequency_blocks';
import { glorotVariable } from '../../layers/initializers';
import { Linear, type LinearWeights } from '../../layers/linear';

/** Options of a `GridLSTMCell`. */
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

export const gridLSTMDefaults: Required<GridLSTMOptions> = { ...defaultsOf(gridLSTMSettings), fused: true };

/**
 * The weights of one of the two LSTMs of a GridLSTMCell: to the sums of i, j, f, o, or of i, j, o where f is coupled to i;
 * with peepholes also, for each gate, how it sees either memory: `w_i_frequency`, `w_i_time`, … [units].
 */
export type GridLSTMWeights = LinearWeights & { readonly [name: string]: tf.Variable };

/** @param inputSize width of z */
function createGridLSTMWeights(
  inputSize: number,
  units: number,
  { coupleInputForgetGates: coupled, peepholes }: Required<GridLSTMOptions>,
  random: Random,
): GridLSTMWeights {
  const gates = coupled ? ['i', 'o'] : ['i', 'f', 'o'];
  const names = peepholes ? gates.flatMap(gate => [`w_${gate}_frequency`, `w_${gate}_time`]) : [];
  const vectors = names.map(name => [name, glorotVariable([units], random.fork(name))] as const);
  const { kernel, bias } = new Linear(inputSize, (coupled ? 3 : 4) * units, random.fork('gates'));
  return { kernel, bias, ...Object.fromEntries(vectors) };
}

/** The weights of both LSTMs; the same ones twice, under one name, where they are shared. */
export class BothWeights implements HasVariables {
  readonly frequency: GridLSTMWeights;
  readonly time: GridLSTMWeights;

  constructor(inputSize: number, units: number, options: Required<GridLSTMOptions>, random: Random) {
    const create = (name: string) => createGridLSTMWeights(inputSize, units, options, random.fork(name));
    this.frequency = create('frequency');
    this.time = options.shareTimeFrequencyWeights ? this.frequency : create('time');
  }

  get variables(): Variables {
    const { frequency, time } = this;
    return variablesOf(frequency === time ? frequency : { frequency, time });
  }
}
