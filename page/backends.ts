/** What the page can compute with, by speed for one image. WebGL's many small steps each wait for the graphics card. */
export const backends = { wasm: 'WebAssembly', webgl: 'WebGL', cpu: 'plain JavaScript' } as const;

export type Backend = keyof typeof backends;
