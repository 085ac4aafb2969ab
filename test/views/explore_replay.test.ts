import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import {
  createModel,
  createRandom,
  DataSet,
  disposeModel,
  exploreReplay,
  parseHyperparameters,
  replay,
  tf,
} from '../../lib';
import { replayPicture } from '../../lib/views/replay_picture';
import { parseSvg } from '../display/xml';
import { find, move, useWidgetKernel, widgets } from '../support/widget_kernel';

const labels = Uint8Array.of(0, 1, 2, 1);
const images = Uint8Array.from({ length: 4 * 12 }, (_, i) => (i * 41) % 256);
const content = { images, labels, rows: 4, columns: 3, numClasses: 3, oneHot: false };
const data = new DataSet(content, createRandom(1));
const model = createModel(parseHyperparameters({ numHidden: 4, numLayers: 2 }), data);
after(() => disposeModel(model));

const picture = () => String(widgets.find(({ state }) => state._model_name === 'HTMLModel')!.state.value);
const title = () => parseSvg(picture()).querySelector('title')!.textContent;
const choose = (name: string, index: number) => find(name).hear({ method: 'update', state: { index } });

describe('a replay to explore', () => {
  useWidgetKernel();

  test('shows the image, step and layer that are chosen', async () => {
    exploreReplay(model, data);
    assert.match(title(), /^image 0: . .*; after step 3 of 4 the network says/);
    move('image', 2);
    move('time step', 1);
    await turn();
    assert.match(title(), /^image 2: .*; after step 1 of 4/);
    const top = picture();
    assert.match(top, /state h, layer 2: vermilion/);
    choose('layer', 0);
    await turn();
    assert.match(picture(), /state h, layer 1: vermilion/);
    const record = replay(model, data.example(2));
    const [name] = /^[^;]*/.exec(title())!;
    assert.equal(picture(), replayPicture(record, { layer: 0, title: name })(0));
  });

  test('goes through the images of one class', async () => {
    exploreReplay(model, data, { classNames: ['a', '<b>', 'c'] });
    assert.deepEqual(find('class').state._options_labels, ['all', 'a', '<b>', 'c']);
    choose('class', 2);
    await turn();
    assert.match(title(), /^image 1: .*<b>/);
    assert.doesNotMatch(picture(), /<b>/);
    assert.deepEqual([find('image').state.value, find('image').state.max], [0, 1]);
    move('image', 1);
    await turn();
    assert.match(title(), /^image 3:/);
    choose('class', 0);
    await turn();
    assert.equal(find('image').state.max, 3);
  });

  test('offers the images that it is given, and no others', () => {
    exploreReplay(model, data, { images: [3, 0] });
    assert.match(title(), /^image 3:/);
    assert.equal(find('image').state.max, 1);
    assert.throws(
      () => exploreReplay(model, data, { images: [4] }),
      /UserError: Expected images from 0 to 3, found 4/,
    );
    assert.throws(() => exploreReplay(model, data, { images: [] }), /UserError: .* found none/);
  });

  test('leaves no tensors behind', async () => {
    exploreReplay(model, data);
    const before = tf.memory().numTensors;
    move('image', 1);
    await turn();
    assert.equal(tf.memory().numTensors, before);
  });
});

test('the picture has a bar for each class, the lines that matter, and covers what is not read yet', () => {
  const record = replay(model, data.example(1));
  const at = replayPicture(record, { layer: 1, title: 'an image & more' });
  const [first, last] = [0, record.numSteps - 1].map(step => parseSvg(at(step)));
  const count = (tag: string) => [...first.querySelectorAll(tag)].length;
  assert.equal(count('rect'), 1 + 3);
  assert.equal(count('polyline'), 3);
  assert.equal(count('image'), 1 + 4); // the image; h, r, u and c
  const cover = (svg: typeof first) => svg.querySelector('path')!.getAttribute('d')!;
  assert.match(cover(first), /H.*V/);
  assert.doesNotMatch(cover(last), /H/);
});
