/** For node:crypto in a browser, whose own SHA-256 takes a promise. */
import { sha256 } from '@noble/hashes/sha2';

/** @returns the same numbers as Node: the order of pixels in a permuted sequence follows from them */
export function createHash(algorithm: string) {
  if (algorithm !== 'sha256') throw new Error(`Expected sha256, found ${algorithm}`);
  const hash = sha256.create();
  const own = {
    update(data: string | Uint8Array) {
      hash.update(data);
      return own;
    },
    digest: () => hash.digest(),
  };
  return own;
}
