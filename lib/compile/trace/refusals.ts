/** What a function must not do when it is traced, and what to write instead. */
import { CompileError } from '../compile_error';

export const impureOperation = (op: string) =>
  new CompileError(
    `runs TensorFlow's ${op}, which draws random numbers or acts on something outside`,
    'draw them with tf.randomUniform or tf.dropout, and do the rest outside',
  );

export const readValues = () =>
  new CompileError(
    'reads the values of a tensor (dataSync, arraySync, print, or a condition on a value)',
    'return the tensor and read it outside, or decide with tf.where',
  );

export const readShape = (op: string) =>
  new CompileError(
    `reads a shape that depends on values, of what ${op} gives`,
    'return the tensor and read its shape outside, or pad it to a fixed size',
  );

export const otherNumbers = () =>
  new CompileError(
    'makes a tensor of other numbers each time it runs (Math.random, a counter, the time)',
    'the graph would hold the first ones for ever; draw them with tf.randomUniform or tf.dropout, or pass the ' +
      'numbers in as an argument',
  );

export const otherOperation = (first: string, second: string) =>
  new CompileError(
    `does something else each time: ${first} once, ${second} then`,
    'let nothing but the arguments and variables decide what it does',
  );

export const otherFirstCall = () =>
  new CompileError(
    'makes variables at its first call, and gives something else then than it would with the same variables later',
    'do there what it does later, or make the variables outside',
  );

export const replacedState = () =>
  new CompileError(
    'uses another tensor from outside each time it runs: a total, an average or a state that it replaces itself',
    'the graph would read the first one for ever; keep it in a tf.Variable and assign to that, or pass it in as an ' +
      'argument and return the new one',
  );

export const disposedSince = (what: string) =>
  new CompileError(
    `uses a ${what} from outside that was disposed since`,
    'keep it as long as the compiled function is called, or pass it as an argument',
  );

export const disposesOutside = (what: string) =>
  new CompileError(
    `disposes of a ${what} from outside that it also uses`,
    'a graph does so only once; dispose of it outside, or pass it in as an argument',
  );

export const makesVariable = () =>
  new CompileError(
    'makes a variable each time it runs',
    'make variables outside, once, or only if there is none yet',
  );

export const leftFromTrace = () =>
  new CompileError(
    'uses a tensor that was made while a compiled function was traced, and has no values',
    'return it from that function, or keep what lasts from call to call in a tf.Variable',
  );

export const unseen = () =>
  new CompileError(
    'runs what a trace does not see: a SavedModel, or a kernel that bypasses TensorFlow',
    'compute this part outside',
  );

export const leavesStep = () =>
  new CompileError(
    'uses a tensor outside of the step of a scan that made it',
    'return it from the step, in its output or in its state',
  );

export const assignsInStep = () =>
  new CompileError(
    'assigns to a variable in the step of a scan',
    'make it part of the state, and assign the last state after the scan',
  );

export const otherState = (before: string, after: string) =>
  new CompileError(
    `has a scan whose step is given the state ${before} and returns ${after}`,
    'return a state of the same form, shapes and types',
  );

/** @param what its step does differently the second time */
export const otherStep = (what: string) =>
  new CompileError(
    `has a scan whose step ${what} each time it runs (a counter, Math.random, a total that it replaces)`,
    'what changes from step to step must come from the inputs or the state; draw random numbers with ' +
      'tf.randomUniform or tf.dropout',
  );
