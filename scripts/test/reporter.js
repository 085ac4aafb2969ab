/**
 * A reporter for node:test: tells the process that started the test file, over its pipe 3, what comes of each test, as a
 * line of JSON each (the type TestEvent of file_tally.ts). In plain JavaScript because Node loads it, not ts-node.
 */
'use strict';
const { writeSync } = require('node:fs');
const { inspect } = require('node:util');

// So that what a test has started ends with it: handlers of "exit" run when a signal would only end this process.
process.once('SIGTERM', () => process.exit(143));

const tell = event => writeSync(3, `${JSON.stringify(event)}\n`);
const describe = error => (typeof error === 'string' ? error : inspect(error));

module.exports = async function* (source) {
  // Names of the groups around a test, by depth. Node tells at once what runs, but results only in the order of the file.
  const run = [];
  const reported = [];
  const namesIn = (names, { nesting, name }) => {
    names.length = nesting;
    names.push(name);
    return [...names];
  };
  for await (const { type, data } of source) {
    if (type === 'test:dequeue') tell({ type: 'run', names: namesIn(run, data) });
    if (type === 'test:start') namesIn(reported, data);
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    const { type: kind, error } = data.details;
    tell({
      type: type === 'test:pass' ? 'pass' : 'fail',
      names: namesIn(reported, data),
      suite: kind === 'suite',
      skipped: data.skip !== undefined || data.todo !== undefined,
      // A test that failed only because tests within it did has nothing of its own to say.
      error: error && error.failureType !== 'subtestsFailed' ? describe(error.cause ?? error) : undefined,
    });
  }
  tell({ type: 'end' });
  yield '';
};
