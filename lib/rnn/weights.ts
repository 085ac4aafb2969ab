/** The weights of a network as a tree, and the names that follow from it. */
import { tf } from '../tfjs/tensorflow';
import type { Variables } from './cell';

/** What has weights of its own: a layer, a cell. */
export interface HasVariables {
  readonly variables: Variables;
}

/** Variables, and layers and cells that have some, by name; undefined where an option leaves something out. */
export type Weights = HasVariables | { readonly [name: string]: tf.Variable | Weights | undefined };

/**
 * All variables of a tree, in its order. Each is named by the way to it, which is also its name in checkpoints.
 * @example
 * variablesOf({ gates: new Linear(28, 8, createRandom(0)) }); // { 'gates/kernel': …, 'gates/bias': … }
 */
export function variablesOf(weights: Weights): Variables {
  const entries = Object.entries(isOwner(weights) ? weights.variables : weights);
  const named = entries.flatMap(([name, part]) => {
    if (part === undefined) return [];
    if (part instanceof tf.Variable) return [[name, part] as const];
    return Object.entries(variablesOf(part)).map(
      ([rest, variable]) => [`${name}/${rest}`, variable] as const,
    );
  });
  return Object.fromEntries(named);
}

const isOwner = (weights: Weights): weights is HasVariables => 'variables' in weights;

/** How many numbers training has to find; a variable that has two names counts once. */
export function countParameters({ variables }: HasVariables): number {
  return [...new Set(Object.values(variables))].reduce((sum, variable) => sum + variable.size, 0);
}
