import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { confusionMatrix, digitGrid, digitRows, errorCurves, type Figure } from '../../lib/charts';
import { figureToSvg } from '../../lib/display/picture';
import { deepFreeze, sampleDigit, sampleHistory } from '../charts/samples';
import { parseSvg } from './xml';

const names = ['T-shirt/top', 'Ankle boot'];
const figures: Record<string, Figure> = {
  curves: errorCurves(sampleHistory()),
  grid: digitGrid([sampleDigit(7, 7), sampleDigit(7, 2)]),
  rows: digitRows(sampleDigit(4)),
  matrix: confusionMatrix([[90, 4], [2, 80]], names), // prettier-ignore
};

for (const [name, figure] of Object.entries(figures)) {
  test(`the picture of the ${name} is an SVG file of its own`, async () => {
    const svg = await figureToSvg(figure);
    const root = parseSvg(svg);
    assert.equal(root.namespaceURI, 'http://www.w3.org/2000/svg');
    assert.equal(root.getAttribute('role'), 'img');
    assert.equal(root.querySelector('title')!.textContent, figure.layout.meta!.description);
    assert.equal(root.getAttribute('height'), String(figure.layout.height));
    assert.ok(svg.length < 100_000, `${svg.length} bytes`);
    assert.doesNotMatch(svg, /NaN|undefined/);
    for (const [reference] of svg.matchAll(/(?:href="|url\()[^")]*/g))
      assert.match(reference, /"data:|\(#|"#/);
    for (const [font] of svg.matchAll(/font-family: [^;"]*/g)) assert.match(font, /sans-serif$/);
  });
}

test('the picture of the curves holds axis titles, ticks, legend and the curves with all their points', async () => {
  const root = parseSvg(await figureToSvg(figures.curves));
  const texts = [...root.querySelectorAll('text')].map(text => text.textContent);
  const expected = [
    'loss (nats)',
    'error rate (%)',
    'training step',
    '2%',
    'epoch 2',
    'train, smoothed 0.95',
  ];
  for (const text of expected) assert.ok(texts.includes(text), text);
  const lines = [...root.querySelectorAll('.scatterlayer path.js-line')].map(
    path => path.getAttribute('d')!.split('L').length,
  );
  assert.equal(lines.length, 5);
  assert.ok(Math.min(...lines.slice(0, 2)) > 300, String(lines));
});

test('texts of the legend do not run into each other', async () => {
  const root = parseSvg(await figureToSvg(figures.curves));
  const starts = [...root.querySelectorAll('.legend g.groups')].map(entry =>
    Number(entry.getAttribute('transform')!.match(/[\d.]+/)?.[0] ?? 0),
  );
  assert.equal(starts.length, 3);
  // 'train, each batch' is 97 pixels wide in Helvetica of size 13, after a line of 40 pixels.
  assert.ok(
    starts.slice(1).every((start, i) => start - starts[i] > 97 + 40),
    String(starts),
  );
});

test('long class names have room at the left and below', async () => {
  const root = parseSvg(await figureToSvg(figures.matrix));
  const plot = root.querySelector('clipPath.plotclip rect')!;
  assert.ok(Number(plot.getAttribute('width')) < 560 - 100);
  assert.ok([...root.querySelectorAll('.xtick text')].some(text => text.textContent === 'Ankle boot'));
});

test('images of digits are in the picture itself', async () => {
  const root = parseSvg(await figureToSvg(figures.grid));
  const images = [...root.querySelectorAll('image')];
  assert.equal(images.length, 2);
  assert.ok(images.every(image => image.getAttribute('xlink:href')!.startsWith('data:image/png;base64,')));
});

test('kinds of traces that need a canvas are refused', async () => {
  for (const type of ['heatmap', 'scatter3d', 'scattergl'] as const) {
    await assert.rejects(
      figureToSvg({ data: [{ type }], layout: {} }),
      new RegExp(`Expected .*, found ${type}$`),
    );
  }
});

test('the other kinds are drawn', async () => {
  const data: Figure['data'] = [
    { type: 'bar', y: [1, 2] },
    { type: 'box', y: [1, 2, 3] },
    { type: 'histogram', x: [1, 2, 2] },
    { type: 'violin', y: [1, 2, 3] },
    { type: 'pie', values: [1, 2] },
    { type: 'contour', z: [[1, 2], [3, 4]] }, // prettier-ignore
    { type: 'scatterpolar', r: [1, 2], theta: [1, 2] },
  ];
  for (const trace of data) parseSvg(await figureToSvg({ data: [trace], layout: {} }));
});

test('a drawing keeps its proportions at another width', async () => {
  const wide = { ...figures.grid, layout: { ...figures.grid.layout, width: 2 * figures.grid.layout.width! } };
  const [image] = parseSvg(await figureToSvg(wide)).querySelectorAll('image');
  assert.equal(image.getAttribute('width'), image.getAttribute('height'));
});

test('arrows have their heads', async () => {
  const root = parseSvg(await figureToSvg(figures.rows));
  assert.equal([...root.querySelectorAll('.annotation-arrow-g path')].length, 2);
});

test('titles with signs of XML stay text', async () => {
  const figure = { data: [], layout: { meta: { description: 'a < b & c' } } };
  assert.equal(parseSvg(await figureToSvg(figure)).querySelector('title')!.textContent, 'a < b & c');
});

test('the figure stays as it is', async () => {
  await figureToSvg(deepFreeze(structuredClone(figures.curves)));
});

test('a figure always gives the same picture, and two figures share no id', async () => {
  const [first, second, again] = await Promise.all(
    [figures.curves, figures.matrix, figures.curves].map(figureToSvg),
  );
  assert.ok(first === again);
  const ids = [first, second].map(svg => [...svg.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id));
  assert.ok(ids[0].length > 5);
  assert.ok(ids[0].every(id => !ids[1].includes(id)));
  for (const [, id] of first.matchAll(/url\(#([^)]*)\)/g)) assert.ok(ids[0].includes(id), id);
});

test('a program that made a picture ends by itself', () => {
  const program = `
    require('ts-node/register');
    const { figureToSvg } = require('./lib/display/picture');
    figureToSvg({ data: [{ y: [1, 2] }], layout: {} }).then(svg => console.log(svg.length > 1000));`;
  const cwd = join(__dirname, '..', '..');
  const output = execFileSync(process.execPath, ['-e', program], { cwd, timeout: 60_000, encoding: 'utf8' });
  assert.equal(output, 'true\n');
});
