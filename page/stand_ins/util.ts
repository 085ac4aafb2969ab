/** For node:util in a browser. */

export const inspect = { custom: Symbol.for('nodejs.util.inspect.custom') };

/** Of settings: numbers, texts and lists of them. */
export const isDeepStrictEqual = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
