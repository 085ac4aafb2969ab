/**
 * Several test files in one process: `together.js <file>...`. All are loaded, then their tests run file by file. Each file
 * becomes a group that is named by its path, with the file's own hooks; reporter.js tells it as the first of the names. In
 * plain JavaScript because Node starts it.
 */
'use strict';
const { resolve } = require('node:path');
const { before, describe } = require('node:test');
const { setImmediate } = require('node:timers/promises');

process.setMaxListeners(0); // each file may tidy up at the end of the process
for (const file of process.argv.slice(2)) {
  describe(file, () => {
    before(() => setImmediate()); // so that the file is known to run (reporter.js) before it can crash or hang
    require(resolve(file));
  });
}
