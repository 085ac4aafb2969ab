import type { SweepInfo, SweepTrial } from './sweep_file';

/** Told what happens in a search, as it happens; what it does not care for it leaves out. */
export interface SweepObserver {
  /** Before the first trial of this call. @param info changes while the search goes on */
  begin?(info: SweepInfo): void;
  started?(trial: SweepTrial): void;
  /** After a training step; of a trial in another process only some times a second. */
  stepped?(trial: SweepTrial): void;
  tested?(trial: SweepTrial): void;
  ended?(trial: SweepTrial): void;
  /** What was changed while it goes on, or why it could not be. */
  steered?(message: string): void;
  /** After the last trial, or when it was stopped. @param folder the sweep's own */
  end?(info: SweepInfo, folder: string): void;
}
