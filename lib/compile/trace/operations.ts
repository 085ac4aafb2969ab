/** What a trace must know of TensorFlow's operations. */

/** Operations whose result is not decided by their inputs, or that do something besides. */
export const impure =
  /^(Random|Multinomial|TruncatedNormal|Parameterized|Write|Print|Assert|Save|Restore|Var|Read|Assign)/;

/**
 * Operations that tfjs-node gives no type or a wrong one. Run by themselves they have that of their first input all
 * the same; a graph asks for it.
 */
export const typeOfFirstInput: ReadonlySet<string> = new Set(['ExpandDims', 'Mean']);
