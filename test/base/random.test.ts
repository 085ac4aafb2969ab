import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { UserError } from '../../lib/base/errors';
import { createRandom, randomFromState, shuffle, type Random } from '../../lib/base/random';

const draw = (random: Random, count: number) => Array.from({ length: count }, () => random.uniform());
const seeds = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });

test('the numbers of a seed never change', () => {
  // Compared once with an implementation in Python of SHA-256 of the path [0] and xoroshiro128+.
  assert.deepEqual(draw(createRandom(0), 3), [0.0784849529732159, 0.7498891312993538, 0.6280447805007322]);
  const random = createRandom(2026).fork('order').fork(3);
  assert.deepEqual(
    Array.from({ length: 5 }, () => random.integer(1000)),
    [777, 695, 475, 772, 18],
  );
});

test('uniform numbers lie in [0, 1) with mean 1/2 and variance 1/12', () => {
  const numbers = draw(createRandom(1), 100_000);
  assert.ok(numbers.every(x => x >= 0 && x < 1));
  const mean = numbers.reduce((sum, x) => sum + x, 0) / numbers.length;
  const variance = numbers.reduce((sum, x) => sum + (x - mean) ** 2, 0) / numbers.length;
  assert.ok(Math.abs(mean - 0.5) < 0.004, `mean ${mean}`); // 4 standard errors
  assert.ok(Math.abs(variance - 1 / 12) < 0.001, `variance ${variance}`);
});

test('integers below a limit come equally often', () => {
  const random = createRandom(2);
  const counts = new Array<number>(6).fill(0);
  for (let i = 0; i < 60_000; i++) counts[random.integer(6)]++;
  const chiSquare = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
  assert.ok(chiSquare < 20.5, `chi-square ${chiSquare}, 5 degrees of freedom`); // p = 0.001
  assert.ok(random.integer(2 ** 53 - 1) < 2 ** 53 - 1);
});

test('a fork depends on seed and label, not on the numbers drawn before', () => {
  fc.assert(
    fc.property(seeds, fc.string(), fc.nat(20), (seed, label, count) => {
      const used = createRandom(seed);
      draw(used, count);
      assert.deepEqual(draw(used.fork(label), 5), draw(createRandom(seed).fork(label), 5));
    }),
  );
});

test('forks of different labels, paths and seeds are different streams', () => {
  const root = createRandom(5);
  const streams = [
    root,
    root.fork('a'),
    root.fork('b'),
    root.fork('a').fork('b'),
    root.fork('a,b'),
    root.fork(1),
    root.fork('1'),
    createRandom(6),
    createRandom(5 + 2 ** 32),
  ];
  assert.equal(new Set(streams.map(stream => stream.uniform())).size, streams.length);
});

test('a state taken in the middle, written as JSON, continues the stream and its forks', () => {
  fc.assert(
    fc.property(seeds, fc.nat(20), (seed, count) => {
      const random = createRandom(seed).fork('order');
      draw(random, count);
      const copy = randomFromState(JSON.parse(JSON.stringify(random.state())) as ReturnType<Random['state']>);
      assert.deepEqual(draw(copy, 10), draw(random, 10));
      assert.equal(copy.fork('x').uniform(), random.fork('x').uniform());
    }),
  );
});

test('shuffle makes a permutation, the same for the same stream', () => {
  fc.assert(
    fc.property(seeds, fc.array(fc.integer()), (seed, items) => {
      const [once, again] = [[...items], [...items]];
      shuffle(once, createRandom(seed));
      shuffle(again, createRandom(seed));
      assert.deepEqual(once, again);
      assert.deepEqual(once.sort(), [...items].sort());
    }),
  );
});

test('each order of three items comes equally often', () => {
  const random = createRandom(3);
  const counts = new Map<string, number>();
  for (let i = 0; i < 60_000; i++) {
    const items = Uint32Array.of(0, 1, 2);
    shuffle(items, random);
    counts.set(items.join(''), (counts.get(items.join('')) ?? 0) + 1);
  }
  assert.equal(counts.size, 6);
  const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
  assert.ok(chiSquare < 20.5, `chi-square ${chiSquare}, 5 degrees of freedom`);
});

test('seeds that are no safe non-negative integers are refused', () => {
  for (const seed of [-1, 0.5, NaN, Infinity, 2 ** 53]) {
    assert.throws(
      () => createRandom(seed),
      error => error instanceof UserError && error.message.includes(String(seed)),
    );
  }
});

test('a limit that leaves no integer is refused', () => {
  for (const limit of [0, -1, 1.5, NaN]) assert.throws(() => createRandom(0).integer(limit), UserError);
});
