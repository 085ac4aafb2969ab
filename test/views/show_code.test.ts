import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { kindsOf } from '../../lib/settings/kinds';
import { codeOf } from '../../lib/views/show_code';
import * as cells from '../../lib/rnn/cells/cells';
import * as wrappers from '../../lib/rnn/wrappers/wrappers';

test('the call method, and the function with the equations that it calls', () => {
  const lines = codeOf('gru').split('\n');
  assert.match(lines[0], /^call\(x: tf.Tensor2D, h: tf.Tensor2D, pass: Pass = inference\)/);
  assert.ok(lines.some(line => line.startsWith('function equations(')));
  assert.match(codeOf('gru'), /const \[r, u\] = tf\.split(<tf\.Tensor2D>)?\(tf\.sigmoid/);
  assert.ok(!codeOf('gru').includes('glorot'), 'nothing else of the file');
});

describe('there is code of each kind, with balanced braces:', () => {
  const kinds = [...kindsOf(cells), ...kindsOf(wrappers)].map(({ name }) => name);
  for (const kind of kinds.filter(name => name !== 'none')) {
    test(kind, () => {
      const code = codeOf(kind);
      assert.match(code, /^call\(/);
      assert.equal(code.split('{').length, code.split('}').length);
    });
  }
});

test('a kind that there is not is refused', () => {
  assert.throws(() => codeOf('rnn'), /Expected the kind of a cell or wrapper in lib\/rnn, found 'rnn'/);
});
