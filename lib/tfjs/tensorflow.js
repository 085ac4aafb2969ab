// The one import of @tensorflow/tfjs-node: whoever needs TensorFlow takes `tf` from here. It is loaded at its first use,
// which takes half a second and 100 MB: lists of runs, charts, and a command's help do without. A getter, and therefore
// plain JavaScript: in TypeScript no export can be lazy and a namespace of types as well (tensorflow.d.ts).
'use strict';
require('./tensorflow_environment');

let tf;

Object.defineProperty(exports, 'tf', {
  enumerable: true,
  get() {
    if (tf === undefined) {
      require('./tfjs_node_util');
      tf = require('@tensorflow/tfjs-node');
      require('./readable_tensors').makeTensorsReadable();
    }
    return tf;
  },
});
