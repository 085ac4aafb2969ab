/** tf.rand, whose numbers a function of JavaScript draws. */
import type { Core } from '../../tfjs/core';
import type { tf } from '../../tfjs/tensorflow';
import type { Recorder } from './recorder';

/**
 * While a function is traced Math.random gives the same numbers each time. If these alone decide what the function given
 * to tf.rand draws, it is called again at each call of the graph; if something else does as well (a generator, a
 * counter), it draws as always, and the second trace finds other numbers.
 */
export function randWhileTracing(recorder: Recorder, rand: Core['rand']): Core['rand'] {
  return <R extends tf.Rank>(shape: tf.ShapeMap[R], draw: () => number, dtype?: tf.DataType) => {
    if (!recorder.mayDraw) return rand(shape, draw, dtype);
    const size = (shape as readonly number[]).reduce((product, each) => product * each, 1);
    const isPlain = draw === Math.random; // a reference that does not see what takes its place
    const numbers = () => Array.from({ length: size }, () => (isPlain ? Math.random() : draw()));
    const first = withFixedRandom(numbers);
    const write = () => {
      const given = first.drawn[Symbol.iterator]();
      return rand(shape, () => Number(given.next().value), dtype);
    };
    if (!first.isUsed) return write(); // drawn without Math.random: the next trace has to find the same
    const isDecided = withFixedRandom(numbers).drawn.every((each, i) => Object.is(each, first.drawn[i]));
    return isDecided ? recorder.writeDrawn(write, () => rand(shape, draw, dtype)) : rand(shape, draw, dtype);
  };
}

function withFixedRandom(draw: () => number[]): { drawn: number[]; isUsed: boolean } {
  const { random } = Math;
  let state = 0;
  let isUsed = false;
  Math.random = () => {
    isUsed = true;
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0; // Numerical Recipes' generator
    return state / 2 ** 32;
  };
  try {
    const drawn = draw();
    return { drawn, isUsed };
  } finally {
    Math.random = random;
  }
}
