/** What an LSTM's options have in common, whatever its gates. */
import { checkInteger, checkNumber, checkUnits } from '../checks';
import { activation, type Activation } from '../layers/activations';
import { forgetBias, numProj, peepholes, projClip } from './cell_kind';

export interface CommonLSTMOptions {
  /** Added to the forget gate before σ, so that at first the cell keeps what it knows. Default 1. */
  forgetBias?: number;
  /** Let the gates see the cell's memory c as well (Gers & Schmidhuber 2000). Default false. */
  peepholes?: boolean;
  /** Project the output to this width (Sak et al. 2014); the gates see the projected output. Default 0: no projection. */
  numProj?: number;
  /** Hold the projected output in ±projClip. Default 0: no limit. */
  projClip?: number;
  /** Of the candidate j and of the memory c', in place of tanh. Default 'tanh'. */
  activation?: Activation;
}

/** The same as settings, with ranges and defaults. */
export const commonSettings = { forgetBias, peepholes, numProj, projClip, activation };

/**
 * The widths of the memory c and of the output h, which is projected or not.
 * @param name of the cell, for the errors
 * @throws UserError for options that no LSTM can have
 */
export function lstmStateSize(
  name: string,
  units: number,
  { numProj, projClip, forgetBias }: Required<CommonLSTMOptions>,
): { readonly c: number; readonly h: number } {
  checkUnits(units, name);
  checkInteger(`${name}'s numProj`, numProj, 0, '0 does not project');
  checkNumber(`${name}'s projClip`, projClip, 0);
  checkNumber(`${name}'s forgetBias`, forgetBias);
  return { c: units, h: numProj || units };
}
