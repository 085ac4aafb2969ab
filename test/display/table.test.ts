import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tableHtml, tableText, type Table } from '../../lib/display/table';

const table: Table = {
  columns: [{ title: 'name' }, { title: 'error', align: 'right' }],
  rows: [['0.1 → 0.2', '5'], ['second', '12.5'], ['third']],
  notes: ['a note'],
};

test('the text has its columns below each other, numbers with their ends', () => {
  assert.deepEqual(tableText(table).split('\n'), [
    'name       error',
    '─────────  ─────',
    '0.1 → 0.2      5',
    'second      12.5',
    'third',
    '',
    'a note',
  ]);
});

test('a cell stays one line of text, and no control character reaches the terminal', () => {
  const text = tableText({
    columns: [{ title: 'x' }],
    rows: [['two\nlines \u001b[31mred']],
    notes: ['a\r\nb'],
  });
  assert.equal(text.split('\n')[2], 'two lines [31mred');
  assert.equal(text.split('\n')[4], 'a b');
});

test('the HTML has a cell for each column, aligned, and without colours', () => {
  const html = tableHtml(table);
  assert.equal(html.match(/<th scope="col"/g)!.length, 2);
  assert.equal(html.match(/<td /g)!.length, 6);
  assert.match(html, /<td style="text-align: right">12\.5<\/td>/);
  assert.match(html, /<p>a note<\/p>$/);
  assert.doesNotMatch(html, /color|background/);
});

test('all texts are escaped in the HTML', () => {
  const hostile = '<img src=x onerror="alert(\'1\')"> & co';
  const html = tableHtml({ columns: [{ title: hostile }], rows: [[hostile]], notes: [hostile] });
  assert.doesNotMatch(html, /<img/);
  assert.equal(html.split('&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt; &amp; co').length, 4);
});

test('a column of names is not broken over lines, whatever stands in them; its title is', () => {
  const html = tableHtml({
    columns: [{ title: 'the run', oneLine: true }, { title: 'state' }],
    rows: [['a-b c', 'd']],
  });
  assert.match(html, /<th scope="col" style="text-align: left">the run</);
  assert.match(
    html,
    /<td style="text-align: left; white-space: nowrap">a-b c<.*<td style="text-align: left">d</,
  );
});
