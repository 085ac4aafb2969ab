/**
 * Loaded into each Node process of a test by `--require`: writes Node's deprecation warnings to a file, one a line.
 * npm's own are left out. They are printed as always. In plain JavaScript, because nothing else is loaded yet.
 */
'use strict';
const { appendFileSync } = require('node:fs');
const { basename } = require('node:path');

const file = process.env.DEPRECATIONS_FILE;
const program = basename(process.argv[1] ?? '');

if (file && !/^np[mx](-cli\.js)?$/.test(program)) {
  process.on('warning', ({ name, code, message }) => {
    if (name === 'DeprecationWarning')
      appendFileSync(file, `${code ?? 'no code'} in ${program || 'node'}: ${message}\n`);
  });
}
