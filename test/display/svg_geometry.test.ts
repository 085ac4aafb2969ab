import assert from 'node:assert/strict';
import { test } from 'node:test';
import { boxOf, pathLength, pointOnPath, textLength, type SvgElement } from '../../lib/display/svg_geometry';
import { textWidth } from '../../lib/base/text_width';
import { parseHtml } from './xml';

function element(svg: string, selector: string): SvgElement {
  return parseHtml(`<svg>${svg}</svg>`).querySelector(selector) as unknown as SvgElement;
}

function assertNear(actual: number, expected: number): void {
  assert.ok(Math.abs(actual - expected) < 1e-9, `${actual} instead of ${expected}`);
}

test('widths are those of Helvetica', () => {
  assert.equal(textWidth('', 10), 0);
  assertNear(textWidth('il', 10), 4.44); // 222 + 222
  assertNear(textWidth('AW~', 10), 6.67 + 9.44 + 5.84);
  assertNear(textWidth('✓', 10), 7.22);
});

test('a text is as wide as its longest line and as high as its lines', () => {
  const text = element(
    '<text style="font-size: 10px"><tspan class="line">ii</tspan><tspan class="line">WW</tspan></text>',
    'text',
  );
  const { left, right, width, height } = boxOf(text);
  assertNear(width, 2 * 9.44);
  assertNear(height, (0.905 + 0.212 + 1.3) * 10);
  assert.deepEqual([left, right], [0, width]);
});

test('the anchor shifts the box', () => {
  const of = (anchor: string) =>
    boxOf(element(`<text x="50" text-anchor="${anchor}" style="font-size: 10px">WW</text>`, 'text'));
  assertNear(of('middle').left, 50 - 9.44);
  assertNear(of('end').right, 50);
});

test('the box of a group holds its texts where their transforms put them', () => {
  const group = element(
    `<g transform="translate(1000,0)" style="font-size: 10px">
       <text transform="translate(20,30)">W</text>
       <text transform="translate(100,0)rotate(90,0,0)">W</text>
     </g>`,
    'g',
  );
  const { left, right, top, bottom } = boxOf(group);
  assertNear(left, 20);
  assertNear(right, 100 + 9.05); // turned by 90 degrees, what was above is to the right
  assertNear(top, 0);
  assertNear(bottom, 30 + 2.12);
});

test('an element without text has an empty box', () => {
  assert.equal(boxOf(element('<g><path d="M0,0"/></g>', 'g')).width, 0);
});

test('the length of a text in one line', () => {
  assertNear(textLength(element('<text style="font-size: 20px">il</text>', 'text')), 8.88);
});

test('length of a straight path and points on it', () => {
  const path = element('<path d="M10,20L13,24"/>', 'path');
  assert.equal(pathLength(path), 5);
  assert.deepEqual(pointOnPath(path, 0), { x: 10, y: 20 });
  assert.deepEqual(pointOnPath(path, 2.5), { x: 11.5, y: 22 });
});
