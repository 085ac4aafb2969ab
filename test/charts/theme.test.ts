import assert from 'node:assert/strict';
import { test } from 'node:test';
import { channels, colors, mix } from '../../lib/charts/parts/theme';

/** Relative luminance and contrast ratio, WCAG 2.2. */
function luminance(color: string): number {
  const [r, g, b] = channels(color)
    .map(value => value / 255)
    .map(value => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [darker, lighter] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (lighter + 0.05) / (darker + 0.05);
}

test('the contrast is computed as in WCAG', () => {
  assert.equal(contrast('#ffffff', '#000000'), 21);
});

for (const page of ['#ffffff', '#111111']) {
  test(`text can be read on ${page}`, () => {
    for (const color of [colors.text, colors.vermilion]) assert.ok(contrast(color, page) >= 4.3, color);
  });

  test(`lines and marks stand out from ${page}`, () => {
    for (const color of [colors.blue, colors.vermilion, colors.text])
      assert.ok(contrast(color, page) >= 3, color);
  });
}

test('white numbers can be read on every colour of a matrix cell', () => {
  for (const share of [0, 0.25, 0.5, 0.75, 1]) {
    const [r, g, b] = mix(colors.slate, colors.vermilion, share).match(/\d+/g)!.map(Number);
    const hex = '#' + [r, g, b].map(value => value.toString(16).padStart(2, '0')).join('');
    assert.ok(contrast(hex, colors.onDark) >= 4.3, hex);
  }
});

test('mix goes from one colour to the other', () => {
  assert.equal(mix('#000000', '#ff8000', 0), 'rgb(0, 0, 0)');
  assert.equal(mix('#000000', '#ff8000', 0.5), 'rgb(128, 64, 0)');
  assert.equal(mix('#000000', '#ff8000', 1), 'rgb(255, 128, 0)');
});
