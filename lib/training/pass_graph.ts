/**
 * Whether a pass through a model is one graph: here, and nowhere else, it is asked whether the model makes graphs of its
 * own, for chunks of a long sequence.
 */
import { compile, type Compiled, type CompileOptions } from '../compile/compile';
import type { SequenceClassifier } from '../model/model';

export interface PassGraph<Args extends unknown[], Result> {
  readonly run: (...args: Args) => Result;
  /** What the first call does before anything else, and takes seconds; undefined where nothing is compiled. */
  readonly compiling?: string;
  dispose(): void;
}

/**
 * @param pass goes through the model once
 * @param compiled false: nothing is made into a graph but what the model itself does
 */
export function passGraph<Args extends unknown[], Result>(
  { inChunks }: SequenceClassifier,
  pass: (...args: Args) => Result,
  compiled: boolean,
  options: CompileOptions & { name: string },
): PassGraph<Args, Result> {
  if (inChunks) {
    const compiling = 'compiling chunks of the sequence into TensorFlow graphs, some seconds';
    return { run: pass, compiling, dispose() {} };
  }
  if (!compiled) return { run: pass, dispose() {} };
  const graph: Compiled<Args, Result> = compile(pass, options);
  return {
    run: graph,
    compiling: `compiling the ${options.name} into one TensorFlow graph, some seconds`,
    dispose: () => graph.dispose(),
  };
}

/** Examples at a time that a test takes, if nobody says: what fits in memory, and keeps the processors busy. */
export const testBatchSize = ({ inChunks }: SequenceClassifier) => (inChunks ? 200 : 1000);
