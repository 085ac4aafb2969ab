/**
 * Tests that ask which object something is, or how often something is called or made: not for what a function computes.
 * A traced function is called twice, and what it makes then are other tensors than those of the graph.
 */
export const known: readonly { readonly test: RegExp; readonly reason: string }[] = [
  { test: /^ensureShape node \{\} /, reason: 'expects the very tensor that was given' },
  {
    test: /^slice2d node \{\} grad$/,
    reason: 'takes the gradient by a tensor, and uses the one from outside in its place',
  },
  { test: /dropout=0\.1/i, reason: 'counts calls of tf.dropout, those of a trace too' },
  {
    test: /^Executor node \{\} Diamond Graph|Nested model gets the correct kwargs|Correct training arg during fit/,
    reason: 'counts calls of layers, those of a trace too',
  },
];
