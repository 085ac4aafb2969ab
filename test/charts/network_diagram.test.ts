import assert from 'node:assert/strict';
import { test } from 'node:test';
import { networkDiagram } from '../../lib/charts';

const texts = (options: Parameters<typeof networkDiagram>[0]) =>
  (networkDiagram(options).layout.annotations ?? []).map(({ text }) => text).filter(Boolean);

test('a box for each layer and shown time step, the first and the last steps by name', () => {
  const figure = networkDiagram({ numLayers: 3, numSteps: 28, cellName: 'GRU' });
  assert.equal(figure.layout.shapes?.length, 3 * 4);
  const shown = texts({ numLayers: 3, numSteps: 28, cellName: 'GRU' });
  assert.equal(shown.filter(text => text === 'GRU').length, 12);
  assert.deepEqual(
    shown.filter(text => text?.startsWith('row')),
    ['row 1', 'row 2', 'row 3', 'row 28'],
  );
  assert.deepEqual(
    shown.filter(text => text?.startsWith('layer')),
    ['layer 1', 'layer 2', 'layer 3'],
  );
});

test('a short sequence is shown whole, and only one output is used', () => {
  const shown = texts({ numLayers: 1, numSteps: 4 });
  assert.equal(shown.filter(text => text?.startsWith('row')).length, 4);
  assert.ok(!shown.includes('…'));
  assert.equal(shown.filter(text => text?.includes('class')).length, 1);
});

test('what is read at a time step is named as asked for', () => {
  const shown = texts({ numLayers: 2, numSteps: 784, stepName: 'pixel' });
  assert.deepEqual(
    shown.filter(text => text?.startsWith('pixel')),
    ['pixel 1', 'pixel 2', 'pixel 3', 'pixel 784'],
  );
  assert.ok(!shown.some(text => text?.startsWith('row')));
});

test('what is no number of layers or steps is refused', () => {
  for (const numLayers of [0, -1, 1.5])
    assert.throws(() => networkDiagram({ numLayers, numSteps: 3 }), /numLayers/);
  assert.throws(() => networkDiagram({ numLayers: 1, numSteps: 0 }), /numSteps/);
});
