import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { breakLines, escapeHtml, fixed, plotlyLines, plotlyText, textOf } from '../../lib/base/text';
import { parseHtml, parseSvg } from '../display/xml';

test('any value becomes one line of text', () => {
  assert.equal(textOf('two\r\n lines \x1b[31m'), 'two lines [31m');
  assert.equal(textOf(3), '3');
  assert.equal(textOf(null), 'null');
  assert.equal(textOf(undefined), 'undefined');
  assert.equal(textOf(JSON.parse('{"toString": 1, "valueOf": 2}')), '{"toString":1,"valueOf":2}');
  fc.assert(fc.property(fc.jsonValue(), value => !/[\n\p{Cc}]/u.test(textOf(value))));
});

test('a number has its digits, and what is none is shown as it is', () => {
  assert.equal(fixed(0.12345, 2), '0.12');
  assert.equal(fixed('0.12345', 2), '0.12345');
  assert.equal(fixed({ toFixed: 1 }, 2), '{"toFixed":1}');
});

test('in HTML and in SVG any text is the same text again, between tags and in attributes', () => {
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('<b>&amp;"\'', '\uFFFF\uD800]]>'));
  fc.assert(
    fc.property(text, value => {
      const markup = escapeHtml(value);
      const html = parseHtml(`<p title="${markup}">${markup}</p>`).querySelector('p')!;
      const svg = parseSvg(`<svg xmlns="http://www.w3.org/2000/svg" id='${markup}'>${markup}</svg>`);
      const plain = textOf(value);
      assert.deepEqual([html.textContent, html.getAttribute('title')], [plain, plain]);
      assert.deepEqual([svg.textContent, svg.getAttribute('id')], [plain, plain]);
    }),
    { numRuns: 50 },
  );
});

test("in Plotly's texts neither tags nor templates nor TeX are left", () => {
  assert.equal(plotlyText('<a href="x">&amp; 5 %'), '&lt;a href="x">&amp;amp; 5 %');
  assert.equal(plotlyText('%{x} $y$'), '&#37;{x} &#36;y&#36;');
  assert.equal(plotlyLines(['a<br>b', 2]), 'a&lt;br>b<br>2');
});

test('a list is broken between its parts', () => {
  assert.deepEqual(breakLines('adam: learningRate 0.01, dropout 0.3', 24), [
    'adam: learningRate 0.01,',
    'dropout 0.3',
  ]);
  assert.deepEqual(breakLines('a, b, c', 60), ['a, b, c']);
  assert.deepEqual(breakLines('as long as it is', 3), ['as long as it is']);
});
