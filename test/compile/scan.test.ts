import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { compile, CompileError, scan, tf } from '../../lib/compile';
import { assertClose, assertNoLeak } from '../support/assert_close';

type Result = Record<string, tf.Tensor | tf.Tensor[]>;
const numSteps = 5;
const xs = Array.from({ length: numSteps }, (_, t) =>
  tf.randomNormal<tf.Rank.R2>([2, 3], 0, 1, 'float32', t + 1),
);
const start = tf.randomNormal<tf.Rank.R2>([2, 3], 0, 1, 'float32', 9);
const weight = tf.variable(tf.randomNormal([3, 3], 0, 0.5, 'float32', 10));
const bias = tf.tensor1d([0.1, -0.2, 0.3]);

/** A plain recurrent cell with a weight and a bias from outside. */
const cell = (x: tf.Tensor2D, h: tf.Tensor2D) => {
  const state = tf.tanh(tf.add(tf.matMul(tf.add(x, h), weight as tf.Tensor2D), bias)) as tf.Tensor2D;
  return { output: state, state };
};
const gradients = (loss: (xs: tf.Tensor2D[], h: tf.Tensor2D, b: tf.Tensor) => tf.Tensor) => (): Result => {
  const { value, grads } = tf.variableGrads(() => tf.sum(loss(xs, start, bias)), [weight]);
  const others = tf.grads((b, h, ...x) => loss(x as tf.Tensor2D[], h as tf.Tensor2D, b));
  return { value, weight: grads[weight.name], others: others([bias, start, ...xs]) };
};

/** What a scan gives eagerly must come out of the loop as well; twice, since the second call is not traced. */
const programs: Record<string, () => Result> = {
  'outputs and the last state': () => {
    const { outputs, state } = scan(cell, xs, start);
    return { outputs, state };
  },
  'a number of steps': () => {
    const powers = scan(
      (i, x: tf.Tensor) => ({ output: tf.mul(x, tf.cast(i, 'float32')), state: tf.mul(x, 2) }),
      9,
      bias,
    );
    return { outputs: powers.outputs, state: powers.state };
  },
  'records, integers and no output': () => {
    const step = ({ x }: { x: tf.Tensor2D }, { sum, count }: { sum: tf.Tensor; count: tf.Tensor }) => ({
      output: undefined,
      state: { sum: tf.add(sum, x), count: tf.add(count, tf.scalar(1, 'int32')) },
    });
    const { state } = scan(
      step,
      xs.map(x => ({ x })),
      { sum: tf.zeros([2, 3]), count: tf.scalar(0, 'int32') },
    );
    return state;
  },
  'a state and an output that are the input itself': () => {
    const { outputs, state } = scan((x: tf.Tensor2D, s: tf.Tensor2D) => ({ output: s, state: x }), xs, start);
    return { outputs, state };
  },
  'parts of a split, stacked': () => {
    const step = (x: tf.Tensor2D, s: tf.Tensor2D) => {
      const [, last] = tf.split(x, [1, 2], 1);
      return {
        output: tf.stack([last, last]),
        state: tf.slice(tf.concat([tf.stack([s, s])], 0), 1, 1).reshape([2, 3]),
      };
    };
    const { outputs, state } = scan(step as never, xs, start as never) as {
      outputs: tf.Tensor[];
      state: tf.Tensor;
    };
    return { outputs, state };
  },
  'gradients by weight, bias, inputs and first state': gradients((xs, h, b) => {
    const { outputs, state } = scan(
      (x: tf.Tensor2D, s: tf.Tensor2D) => {
        const next = cell(x, s).state;
        return { output: tf.mul(next, b), state: next };
      },
      xs,
      h,
    );
    return tf.add(tf.sum(tf.square(state)), tf.sum(tf.mul(outputs[1], outputs[numSteps - 1])));
  }),
  'gradients by the outputs alone': gradients((xs, h) => tf.sum(tf.addN(scan(cell, xs, h).outputs))),
  'gradients where the step takes one of its own': gradients((xs, h, b) => {
    const slope = (x: tf.Tensor) => tf.grad((y: tf.Tensor) => tf.sum(tf.mul(tf.mul(y, y), b)))(x);
    const step = (x: tf.Tensor2D, s: tf.Tensor2D) => ({
      output: undefined,
      state: tf.add<tf.Tensor2D>(slope(s), x),
    });
    return tf.sum(scan(step, xs, tf.matMul<tf.Tensor2D>(h, weight as tf.Tensor2D)).state);
  }),
  'gradients of gradients': () => {
    const last = (x: tf.Tensor) =>
      tf.sum(
        scan(
          (y: tf.Tensor2D, s: tf.Tensor2D) => ({ output: y, state: tf.mul<tf.Tensor2D>(s, tf.mul(s, y)) }),
          xs.slice(0, 2),
          x as tf.Tensor2D,
        ).state,
      );
    return { second: tf.grad(x => tf.sum(tf.square(tf.grad(last)(x))))(start) };
  },
  'a scan within a scan, with its gradient': gradients((xs, h) => {
    const inner = (y: tf.Tensor2D, s: tf.Tensor2D) => cell(tf.mul(y, 0.5), s);
    const step = (x: tf.Tensor2D, s: tf.Tensor2D) => {
      const { outputs, state } = scan(inner, [x, s, tf.add<tf.Tensor2D>(x, s)], s);
      return { output: tf.mul(outputs[0], outputs[2]), state };
    };
    const { outputs, state } = scan(step, xs, h);
    return tf.sum(tf.mul(tf.addN(outputs), state));
  }),
  'two scans, one after the other, with their gradient': gradients((xs, h) => {
    const first = scan(cell, xs, h);
    return tf.sum(scan(cell, first.outputs, first.state).state);
  }),
};

const flat = (result: Result) => Object.values(result).flat();

describe('scan', () => {
  for (const [what, program] of Object.entries(programs)) {
    test(`compiled, gives ${what} as it does eagerly`, async () => {
      const expected = tf.tidy(program);
      const compiled = compile(program);
      for (let call = 0; call < 2; call++) {
        const found = flat(compiled());
        flat(expected).forEach((each, i) => assertClose(found[i], each, 1e-5, `${what} ${i}`));
        tf.dispose(found);
      }
      await assertNoLeak(() => tf.dispose(compiled()));
      const isLoop = 'LoopCond' in compiled.inspect()[0].operations;
      assert.equal(isLoop, what !== 'gradients of gradients');
      compiled.dispose();
    });
  }

  test('has as many nodes for a thousand steps as for ten', () => {
    const nodes = [10, 1000].map(steps => {
      const double = compile(
        (x: tf.Tensor) =>
          scan((_, s: tf.Tensor) => ({ output: undefined, state: tf.mul(s, 1.01) }), steps, x).state,
      );
      assertClose(double(tf.scalar(1)), tf.scalar(1.01 ** steps), 1e-2 * 1.01 ** steps);
      return double.inspect()[0].numNodes;
    });
    assert.equal(nodes[0], nodes[1]);
  });

  test('computes steps again in the backward pass where they would keep too much', () => {
    const large = tf.zeros([1024, 1024]);
    const step = (_: tf.Tensor, s: tf.Tensor) => ({ output: undefined, state: tf.sin(tf.sin(s)) });
    const gradient = compile((x: tf.Tensor) => tf.grad(x => tf.sum(scan(step, 50, x).state))(x));
    assertClose(tf.max(gradient(large)), tf.scalar(1), 1e-5);
    // Forward, and once more in the backward pass.
    assert.equal(gradient.inspect()[0].operations.Sin, 3); // the last is not needed there
    gradient.dispose();
  });

  test('draws other numbers at each step, and at each call', () => {
    const draw = compile(
      () =>
        scan((_, s: tf.Tensor) => ({ output: tf.dropout(tf.ones([20]), 0.5), state: s }), 4, bias).outputs,
    );
    const drawn = [...draw(), ...draw()].map(each => each.dataSync().join());
    assert.equal(new Set(drawn).size, 8);
    assert.equal('LoopCond' in draw.inspect()[0].operations, true);
  });

  const variable = tf.variable(tf.scalar(0));
  let total: tf.Tensor = tf.scalar(0);
  let counter = 0;
  const leaked: tf.Tensor[] = [];
  const refused: Record<string, [RegExp, (x: tf.Tensor2D, s: tf.Tensor2D) => unknown]> = {
    'counts in JavaScript': [
      /other numbers.*at /s,
      (x, s) => ({ output: tf.add(x, counter++ % 2), state: s }),
    ],
    'replaces a total': [
      /(another|other) tensors?|operations/,
      (x, s) => ((total = tf.add(total, x)), { output: total, state: s }),
    ],
    'keeps a tensor for outside': [
      /outside of the step/,
      (x, s) => (leaked.push(tf.keep(tf.square(x))), { output: x, state: s }),
    ],
    'assigns to a variable': [
      /assigns to a variable in the step/,
      (x, s) => (variable.assign(tf.sum(x)), { output: x, state: s }),
    ],
    'returns a state of another shape': [
      /the state float32 \[2, 3\] and returns float32 \[\]/,
      x => ({ output: x, state: tf.sum(x) }),
    ],
    'returns another form of state': [/returns/, (x, s) => ({ output: x, state: [s] })],
    'returns nothing': [/the state that the step of a scan returns/, () => undefined],
    'reads a value': [/reads the values/, (x, s) => ({ output: tf.mul(x, x.dataSync()[0]), state: s })],
  };
  for (const [what, [message, step]] of Object.entries(refused)) {
    test(`refuses a step that ${what}`, () => {
      const f = compile(() => {
        const { outputs } = scan(step as typeof cell, xs, start);
        return what.includes('outside') ? tf.add(leaked[leaked.length - 1], 1) : outputs;
      });
      assert.throws(
        f,
        (error: Error) =>
          error instanceof CompileError &&
          message.test(error.message) &&
          error.message.includes('scan.test.ts:'),
      );
    });
  }

  test('refuses inputs of different shapes, and a number of steps that is none', () => {
    assert.throws(
      () => scan(cell, [xs[0], tf.zeros([1, 3])], start),
      /float32 \[2, 3\] at step 0 and .* \[1, 3\] at step 1/,
    );
    assert.throws(
      () => scan((_, s: tf.Tensor) => ({ output: s, state: s }), 1.5, start),
      /whole number of steps/,
    );
  });
});
