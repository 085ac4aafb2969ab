/** What a message recommends must exist where its reader is: calls in a notebook, npm commands in a shell. */

/** Where the reader of a message is. */
export type Place = 'notebook' | 'shell' | 'program';

// Not kept in this module, as a notebook's kernel and a notebook may have copies of their own of it.
const key = Symbol.for('scanline.place');
type Global = typeof globalThis & { [key]?: Place };

/** Called once at its start by a notebook's kernel and by each npm command. */
export function setPlace(place: Place): void {
  (globalThis as Global)[key] = place;
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
  const places: Record<Place, string> = { notebook: call, shell, program };
  return places[(globalThis as Global)[key] ?? 'program'];
}
