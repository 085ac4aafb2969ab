/**
 * The parts of tslab 1.0.22 in use, on the project's own TypeScript instead of the older one that tslab brings: its
 * display functions, and the tags in a cell's first comment. Its compiler of cells is not used: it needs functions that
 * exist only in its own TypeScript 5.0.4, and each cell copies its variables for the next one (see rewrite.ts).
 */
import type * as Jupyter from 'tslab/dist/jupyter';
import type * as Metadata from 'tslab/dist/metadata';
import type * as Util from 'tslab/dist/util';

const bundled = require.resolve('@tslab/typescript-for-tslab');
require.cache[bundled] = require.cache[require.resolve('typescript')];

/* eslint-disable @typescript-eslint/no-require-imports -- after the line above */
const { getCodeMetadata } = require('tslab/dist/metadata') as typeof Metadata;
const { getVersion } = require('tslab/dist/util') as typeof Util;
const display = require('tslab/dist/jupyter') as {
  lastWriteDisplayData: typeof Jupyter.lastWriteDisplayData;
};

export { display, getCodeMetadata, getVersion };
