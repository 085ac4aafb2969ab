/**
 * The seam through which the repairs of this folder reach tslab: a copy of its TypeScript in the place of the
 * original. The original's exports cannot be replaced (they are getters), those of the copy can. Must be loaded before
 * anything of tslab.
 */
import original from '@tslab/typescript-for-tslab';

export const ts = { ...original };

const cached = require.cache[require.resolve('@tslab/typescript-for-tslab')];
if (!cached) throw new Error('TypeScript should be loaded by now');
cached.exports = ts;
