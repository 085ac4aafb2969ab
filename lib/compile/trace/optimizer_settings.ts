/**
 * tfjs's optimizers keep their settings as numbers of JavaScript, which would be frozen in a graph. The learning rate
 * becomes an input; a change of any other setting has the function traced anew.
 */
import { feed, type Input } from '../graph/feed';
import type { Constant, Graph, GraphNode, Optimizer } from '../graph/graph';
import type { Values } from '../../tfjs/node_backend';
import { isSameValues } from './story';

/** A constant of a graph that is an optimizer's learning rate, or its negative. */
export interface Rate {
  readonly optimizer: Optimizer;
  readonly sign: 1 | -1;
}

/** @param which all settings, or those that are frozen where the learning rate is an input. Default the latter */
export function settingsOf(
  optimizer: Optimizer,
  which: 'all' | 'frozen' = 'frozen',
): readonly [name: string, value: unknown][] {
  return Object.entries(optimizer).filter(
    ([name, value]) =>
      ['number', 'boolean'].includes(typeof value) &&
      name !== 'iterations_' &&
      (which === 'all' || name !== 'learningRate'),
  );
}

/**
 * For the time of a second trace each optimizer has another learning rate: what is written with it is told by that.
 */
export class OtherRates {
  private readonly rates = new Map<Optimizer, { before: number; now: number }>();
  /** By the places of the arrays that the traces write. */
  readonly found = new Map<number, Rate>();

  constructor(optimizers: Iterable<Optimizer>) {
    for (const optimizer of optimizers) {
      const { learningRate: before } = optimizer;
      if (typeof before !== 'number') continue;
      this.rates.set(optimizer, { before, now: before === 0 ? 1 : before * 2 });
    }
  }

  during<T>(body: () => T): T {
    for (const [optimizer, { now }] of this.rates) optimizer.learningRate = now;
    try {
      return body();
    } finally {
      for (const [optimizer, { before }] of this.rates) optimizer.learningRate = before;
    }
  }

  /** Whether two arrays differ only because one holds a learning rate and the other the other one. */
  explains(place: number, written: Values, again: Values): boolean {
    for (const [optimizer, { before, now }] of this.rates) {
      for (const sign of [1, -1] as const) {
        const isRate =
          isSameValues(written, Float32Array.of(sign * before)) &&
          isSameValues(again, Float32Array.of(sign * now));
        if (!isRate) continue;
        this.found.set(place, { optimizer, sign });
        return true;
      }
    }
    return false;
  }
}

/**
 * @param graph is changed: learning rates become inputs
 * @param constants of the graph, by the places of their arrays
 */
export function feedRates(
  graph: Graph,
  constants: ReadonlyMap<number, Constant>,
  rates: ReadonlyMap<number, Rate>,
): void {
  const inputs = new Map<GraphNode, Input>();
  const byRate = new Map<string, Input>();
  for (const [place, { optimizer, sign }] of rates) {
    const constant = constants.get(place);
    if (!constant) continue;
    const key = `${graph.steps.findIndex(step => step.optimizer === optimizer)} ${sign}`;
    const input = byRate.get(key) ?? {
      placeholder: { kind: 'placeholder', name: `learning_rate_${byRate.size}`, outputs: constant.outputs },
      source: { kind: 'rate', optimizer, sign },
    };
    byRate.set(key, input);
    inputs.set(constant, input);
  }
  feed(graph, inputs);
  // SGD and its heirs keep the negative learning rate as a tensor, and replace that.
  graph.inputs = graph.inputs.map(input => {
    const { placeholder, source } = input;
    const owner = graph.steps.find(
      ({ optimizer }) => source.kind === 'captured' && optimizer.c?.dataId === source.dataId,
    );
    return owner ? { placeholder, source: { kind: 'rateTensor', optimizer: owner.optimizer } } : input;
  });
}
