// Preloaded: says at the end which packages Scanline's own files have asked for.
'use strict';
const Module = require('node:module');

const needed = new Set();
const load = Module._load;
Module._load = function (request, parent, ...rest) {
  const isOwn = /[\\/]node_modules[\\/]scanline[\\/](?!node_modules)/.test(parent?.filename ?? '');
  const [name] = /^(@[^/]+\/)?[^./][^/]*/.exec(request) ?? [];
  if (isOwn && name !== undefined && !Module.isBuiltin(request)) needed.add(name);
  return load.call(this, request, parent, ...rest);
};
process.on('exit', () => console.log(`needs ${[...needed].join(', ')}`));
