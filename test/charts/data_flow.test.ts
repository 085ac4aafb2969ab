import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { cellDiagrams, dataFlow, describeFigure, type DataFlow } from '../../lib/charts';
import { colors } from '../../lib/charts/parts/theme';
import { deepFreeze } from './samples';

const basic: DataFlow = {
  title: 'the basic RNN',
  grid: ['h .   .  .', '. mix f  h′', 'x .   .  .'],
  layers: { mix: '[x, h] W' },
  operations: { f: 'tanh' },
  arrows: ['h > mix > f > h′', 'x ~> mix'],
};

const parts = (flow: DataFlow) => {
  const { shapes = [], annotations = [] } = dataFlow(flow).layout;
  const texts = annotations.filter(({ text }) => text);
  return { shapes, texts, arrows: annotations.filter(({ showarrow }) => showarrow) };
};

test('layers stand in boxes, operations in circles, values for themselves', () => {
  const { shapes, texts } = parts(basic);
  assert.deepEqual(
    shapes.map(({ type }) => type),
    ['rect', 'circle'],
  );
  assert.deepEqual(texts.map(({ text }) => text).sort(), ['[x, h] W', 'h', 'h′', 'tanh', 'x']);
});

test('each part of a chain is an arrow from edge to edge; what is optional has another colour', () => {
  const { shapes, texts, arrows } = parts(basic);
  assert.equal(arrows.length, 4);
  const [mix, f] = shapes;
  const between = arrows[1];
  assert.ok(Number(between.ax) > Number(mix.x1) && Number(between.x) < Number(f.x0), 'it touches neither');
  assert.equal(between.y, between.ay);
  assert.deepEqual(
    arrows.map(({ arrowcolor }) => arrowcolor === colors.vermilion),
    [false, false, false, true],
  );
  assert.equal(texts.length, 5);
});

test('the sheet is as large as the grid, and says what it shows', () => {
  const { width, height } = dataFlow(basic).layout;
  const larger = dataFlow({ ...basic, grid: [...basic.grid.map(line => `${line} .`), '. . . . .'] }).layout;
  assert.ok(larger.width! > width! && larger.height! > height!);
  assert.equal(describeFigure(dataFlow(basic)), 'Data flow in one time step: the basic RNN');
});

test('an arrow to nowhere is refused', () => {
  assert.throws(() => dataFlow({ ...basic, arrows: ['h > sum'] }), /Expected nodes of the grid .* found sum/);
});

describe('the diagram of each family', () => {
  for (const [name, flow] of Object.entries<DataFlow>(cellDiagrams)) {
    test(`${name} has all its nodes in the grid, each with an arrow, none over another`, () => {
      const figure = dataFlow(deepFreeze(flow));
      const nodes = flow.grid
        .join(' ')
        .split(/\s+/)
        .filter(node => node !== '.' && node !== '');
      assert.equal(new Set(nodes).size, nodes.length, 'two nodes of one name');
      const linked = flow.arrows.join(' ').split(/\s+/);
      for (const node of nodes) assert.ok(linked.includes(node), `${node} stands alone`);
      const named = { ...flow.layers, ...flow.operations, ...flow.values };
      for (const node of Object.keys(named)) assert.ok(nodes.includes(node), `${node} is not in the grid`);
      const boxes = figure.layout.shapes ?? [];
      boxes.forEach((a, i) =>
        boxes.slice(i + 1).forEach(b => {
          const apart = Number(a.x1) < Number(b.x0) || Number(b.x1) < Number(a.x0);
          assert.ok(apart || Number(a.y1) < Number(b.y0) || Number(b.y1) < Number(a.y0), 'two boxes overlap');
        }),
      );
      assert.ok(figure.layout.width! <= 760, `${figure.layout.width} pixels are wider than a notebook`);
    });
  }
});
