/** The walk over nested tensors. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { flatten, mapNested, partAt, unflatten, type Nested } from '../../lib/tfjs/structure';
import { tf } from '../../lib/tfjs/tensorflow';

const isNumber = (part: Nested<number>): part is number => typeof part === 'number';

const { nested } = fc.letrec<{ nested: Nested<number> }>(tie => ({
  nested: fc.oneof(
    { depthSize: 'small' },
    fc.integer(),
    fc.array(tie('nested'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('c', 'h', 'cell', '0'), tie('nested'), {
      maxKeys: 3,
      noNullPrototype: true,
    }),
  ),
}));

test('each leaf is visited once, with the way to it, and put where it was', () => {
  fc.assert(
    fc.property(nested, value => {
      const same = mapNested(value, isNumber, (leaf, path) => {
        assert.equal(partAt(value, path), leaf);
        return leaf;
      });
      assert.deepEqual(same, value);
    }),
  );
});

test('what was taken apart can be put together again', () => {
  const state = { c: tf.scalar(1), layers: [tf.scalar(2), { h: tf.scalar(3) }] };
  const { structure, tensors } = flatten(state, 'the state');
  assert.deepEqual(structure, { c: 'tensor', layers: ['tensor', { h: 'tensor' }] });
  assert.deepEqual(
    tensors.map(tensor => tensor.dataSync()[0]),
    [1, 2, 3],
  );
  const again = unflatten(structure, tensors) as typeof state;
  assert.equal(again.c, state.c);
  assert.deepEqual(Object.keys(again.layers[1]), ['h']);
  tf.dispose(state);
});

test('what is no tensor is refused by its place', () => {
  const bad = { cells: [tf.scalar(1), { h: 2 }] };
  assert.throws(
    () => flatten(bad, 'the state'),
    /in the state\.cells\[1\]\.h, found the number 2: make it a tensor/,
  );
  tf.dispose(bad);
  assert.throws(
    () => flatten(bad, 'the state'),
    /Expected a tensor in the state\.cells\[0\], found one that was disposed/,
  );
});
