/**
 * TypeScript to JavaScript for ts-node (see "ts-node" in tsconfig.json), as ts-node would do it itself, except that the
 * result is kept in node_modules/.cache: importing all of lib/ then takes 0.5 s of processor time instead of 2.8 s. Every
 * npm command, test file and worker process imports much of it. In plain JavaScript because it is what makes TypeScript run.
 */
'use strict';
const { createHash } = require('node:crypto');
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require('node:fs');
const { extname, join } = require('node:path');
const ts = require('typescript');

const cache = join(module.path, '..', 'node_modules', '.cache', 'ts-node');

/** Called by ts-node: https://typestrong.org/ts-node/docs/transpilers */
module.exports.create = ({ service }) => {
  const compilerOptions = { ...service.config.options, sourceMap: true, inlineSources: true };
  const settings = JSON.stringify([ts.version, compilerOptions]);
  return {
    transpile(source, { fileName }) {
      const key = createHash('sha256').update(settings).update(extname(fileName)).update('\0').update(source);
      const path = join(cache, `${key.digest('hex')}.json`);
      return read(path) ?? transpile(source, fileName, compilerOptions, path);
    },
  };
};

function read(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

function transpile(source, fileName, compilerOptions, path) {
  const result = ts.transpileModule(source, { fileName, compilerOptions, reportDiagnostics: true });
  if (result.diagnostics.length === 0) write(path, JSON.stringify(result));
  return result;
}

/** Under its final name only when complete: several processes may compile the same file at once. */
function write(path, text) {
  const draft = `${path}.${process.pid}`;
  try {
    mkdirSync(cache, { recursive: true });
    writeFileSync(draft, text);
    renameSync(draft, path);
  } catch {
    // A folder that cannot be written to: the next process compiles again.
  }
}
