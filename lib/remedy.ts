/** What a message recommends must exist where its reader is: calls in a notebook, npm commands in a shell. */
import { currentKernel } from './notebook/kernel_api';

let inShell = false;

/** Called once by each npm command at its start; false takes it back. */
export function setInShell(value: boolean): void {
  inShell = value;
}

export interface Remedies {
  /** For a notebook: a call. */
  readonly call: string;
  /** For whoever started an npm command. */
  readonly shell: string;
  /**
   * For the user of a program that is built on the library, who can neither make the call nor run the command. Default
   * `call`, for mistakes that only the program's author can make.
   */
  readonly program?: string;
}

/** The one of them that can be followed here. */
export function remedy({ call, shell, program = call }: Remedies): string {
  if (currentKernel()) return call;
  return inShell ? shell : program;
}
