/**
 * A process of the benchmark: `worker.ts <program> <settings>` does what it reads, one JSON line a command, and answers each with
 * one JSON line. bench/peers/worker.py speaks the same language.
 */
import { createInterface } from 'node:readline';
import { compile, range, readDataSets, tf, UserError, type HyperparametersInput } from '../../lib';
import { simplifications } from '../../lib/compile/simplify/simplify';
import type { NetworkSize } from '../network_size';
import type { Program } from './program';
import { Scanline } from './scanline';
import { TfLayers } from './tf_layers';

export type Command =
  | ({ readonly do: 'build' } & NetworkSize)
  | { readonly do: 'train'; readonly steps: number }
  | { readonly do: 'classify' }
  | {
      readonly do: 'multiply';
      readonly size: number;
      readonly sideBySide: number;
      readonly times: number;
    };

export interface Answer {
  readonly seconds: number;
  /** The last step's, after `build` and `train`. */
  readonly loss?: number;
  /** Tensors alive, where the program knows. */
  readonly tensors?: number;
}

async function createProgram(name: string, settings: HyperparametersInput): Promise<Program> {
  const data = await readDataSets('data/mnist', { oneHot: true });
  const without = /^scanline-without-(.+)$/.exec(name)?.[1];
  if (without) {
    return new Scanline(data, settings, { simplify: simplifications.filter(each => each !== without) });
  }
  switch (name) {
    case 'scanline':
      return new Scanline(data, settings, true);
    case 'scanline-as-traced':
      return new Scanline(data, settings, { simplify: false });
    case 'scanline-eager':
      return new Scanline(data, settings, false);
    case 'tf-layers':
      return new TfLayers(data, false);
    case 'tf-layers-compiled':
      return new TfLayers(data, true);
  }
  throw new UserError(`Expected the name of a program, found ${name}`);
}

const products = compile((left: tf.Tensor2D[], right: tf.Tensor2D) =>
  left.map(each => tf.matMul(each, right)),
);

/** The machine's own matrix product, size × size times the same: some side by side, so many times. */
function multiply(size: number, sideBySide: number, times: number): void {
  // Not random: drawing a million numbers in JavaScript takes as long as some products of them.
  const matrix = () => tf.fill<tf.Rank.R2>([size, size], 0.5);
  const [left, right] = [range(sideBySide).map(matrix), matrix()];
  for (let i = 0; i < times; i++) tf.dispose(products(left, right));
  tf.dispose([left, right]);
}

async function obey(program: Program, command: Command): Promise<number | undefined> {
  let loss: number | undefined;
  switch (command.do) {
    case 'build':
      program.build(command);
      return program.step();
    case 'train':
      for (let i = 0; i < command.steps; i++) loss = await program.step();
      return loss;
    case 'classify':
      await program.classify();
      return undefined;
    case 'multiply':
      return void multiply(command.size, command.sideBySide, command.times);
  }
}

async function main(): Promise<void> {
  const program = await createProgram(process.argv[2], JSON.parse(process.argv[3]) as HyperparametersInput);
  const answer = (content: Answer) => console.log(JSON.stringify(content));
  answer({ seconds: 0 }); // ready
  for await (const line of createInterface(process.stdin)) {
    const start = performance.now();
    const loss = await obey(program, JSON.parse(line) as Command);
    answer({ seconds: (performance.now() - start) / 1000, loss, tensors: tf.memory().numTensors });
  }
}

void main();
