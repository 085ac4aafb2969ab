/**
 * The parts of tslab 1.0.22 in use, on the project's own TypeScript instead of the older one that tslab brings: its
 * display functions, its test whether a line of code is complete, and the tags in a cell's first comment. Its compiler
 * of cells is not used: it needs functions that exist only in its own TypeScript 5.0.4, and each cell copies its
 * variables for the next one (see rewrite.ts).
 */
const bundled = require.resolve('@tslab/typescript-for-tslab');
require.cache[bundled] = require.cache[require.resolve('typescript')];

/* eslint-disable @typescript-eslint/no-require-imports -- after the line above */
const { isCompleteCode } = require('tslab/dist/converter') as typeof import('tslab/dist/converter');
const { getCodeMetadata } = require('tslab/dist/metadata') as typeof import('tslab/dist/metadata');
const { getVersion } = require('tslab/dist/util') as typeof import('tslab/dist/util');
const display = require('tslab/dist/jupyter') as {
  lastWriteDisplayData: typeof import('tslab/dist/jupyter').lastWriteDisplayData;
};

export { display, getCodeMetadata, getVersion, isCompleteCode };
