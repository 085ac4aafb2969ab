/**
 * Where kernels keep what the next one can use: node_modules/.cache, in the project, or in the one that has installed
 * Scanline. Plain JavaScript, because load_typescript.js needs it.
 */
'use strict';
const { dirname, join } = require('node:path');

const packages = dirname(dirname(require.resolve('typescript/package.json')));

module.exports.cache = join(packages, '.cache', 'kernel');
