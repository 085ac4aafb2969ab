/** A pad in a notebook: what its page sends is answered, and nothing else is believed. */
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { PNG } from 'pngjs';
import { createModel, disposeModel, drawDigit, parseHyperparameters, predict, replay, tf } from '../../lib';
import { prepare } from '../../lib/data/pictures/prepare';
import { replayPicture } from '../../lib/views/replay_picture';
import { padHtml } from '../../lib/views/drawing/pad_html';
import { move, useWidgetKernel, widgets } from '../support/widget_kernel';

const size = { rows: 6, columns: 5 };
const model = createModel(parseHyperparameters({ numHidden: 4, numLayers: 2 }), { ...size, numClasses: 3 });
after(() => disposeModel(model));

const side = 40;
/** An L, which is at no pixel's edge. */
const isInk = (i: number) => {
  const [x, y] = [i % side, Math.floor(i / side)];
  return (x >= 9 && x < 14 && y >= 5 && y < 36) || (y >= 30 && y < 36 && x >= 9 && x < 31);
};
const drawn = prepare(
  {
    pixels: Uint8Array.from({ length: side * side }, (_, i) => (isInk(i) ? 255 : 0)),
    width: side,
    height: side,
  },
  size,
)!;

/** As base64. */
function png(paper: readonly number[], ink: readonly number[]): string {
  const picture = new PNG({ width: side, height: side });
  for (let i = 0; i < side * side; i++) picture.data.set(isInk(i) ? ink : paper, 4 * i);
  return PNG.sync.write(picture).toString('base64');
}
const drawing = png([0, 0, 0, 0], [255, 255, 255, 255]);
const widget = (name: string) => widgets.find(({ state }) => state._model_name === `${name}Model`)!;
const answer = () => String(widget('HTML').state.value);
/** As the page shows it, with the number that tells it which drawing it answers. */
function text(): string {
  const [, number, shown] = /^<p data-number="(\d+)" role="status">(.*?)<\/p>/s.exec(answer())!;
  return `${number}: ${shown.replace(/<\/?strong[^>]*>/g, '').trim()}`;
}
async function send(message: unknown): Promise<void> {
  const value = typeof message === 'string' ? message : JSON.stringify(message);
  widget('Textarea').hear({ method: 'update', state: { value } });
  await turn();
}

describe('a pad to draw on', () => {
  useWidgetKernel();

  test('answers with class, probability, the step at which it made up its mind, and the reading', async () => {
    drawDigit(model, { classNames: ['a', '<b>', 'c'] });
    assert.equal(text(), '0: Draw a digit.');
    await send({ number: 1, kind: 'drawing', png: drawing });
    const image = { ...size, pixels: drawn };
    const [{ label, probabilities }] = await predict(model, [image]);
    const name = ['a', '&lt;b&gt;', 'c'][label];
    const percent = `${(100 * probabilities[label]).toFixed(2)} %`;
    assert.ok(text().startsWith(`1: ${name} with ${percent}. It made up its mind at time step `), text());
    const record = replay(model, image);
    const options = { layer: 1, title: 'what the network sees', classNames: ['a', '<b>', 'c'] };
    assert.ok(answer().endsWith(`</p>${replayPicture(record, options)(5)}`));
    move('time step', 3);
    await turn();
    assert.ok(answer().endsWith(`</p>${replayPicture(record, options)(2)}`));
  });

  test('takes a picture as it takes a drawing, whatever its colours, and nothing drawn for nothing', async () => {
    drawDigit(model);
    await send({ number: 1, kind: 'drawing', png: drawing });
    const expected = answer();
    await send({ number: 1, kind: 'picture', png: png([250, 240, 230, 255], [20, 10, 90, 255]) });
    assert.equal(answer(), expected);
    await send({ number: 7, kind: 'drawing', png: '' });
    assert.equal(text(), '7: Draw a digit.');
    await send({ number: 8, kind: 'drawing', png: png([0, 0, 0, 0], [0, 0, 0, 0]) });
    assert.equal(text(), '8: Draw a digit.');
  });

  test('believes no message that the pad does not send', async () => {
    drawDigit(model);
    const huge = Buffer.from(drawing, 'base64');
    huge.writeUInt32BE(100_000, 16);
    for (const message of [
      '<script>',
      '{"number": 1, "kind": "drawing"}',
      { number: 1, kind: 'eval', png: drawing },
      { number: -1, kind: 'drawing', png: drawing },
      { number: 1, kind: 'drawing', png: '<img src=x onerror=alert(1)>' },
      { number: 1, kind: 'drawing', png: 'A'.repeat(1_000_000) },
    ]) {
      await send(message);
      assert.equal(text(), '0: Expected a drawing from the page, found another message');
    }
    await send({ number: 2, kind: 'drawing', png: huge.toString('base64') });
    assert.equal(text(), '2: Expected a PNG of at most 280 × 280 pixels from the page, found 100000 × 40');
    await send({ number: 3, kind: 'picture', png: drawing.slice(0, 60) });
    assert.match(text(), /^3: Expected a PNG from the page, found something else/);
    await send({ number: 4, kind: 'drawing', png: drawing });
    assert.match(text(), /^4: [012] with /);
  });

  test('leaves no tensors behind', async () => {
    drawDigit(model);
    const before = tf.memory().numTensors;
    await send({ number: 1, kind: 'drawing', png: drawing });
    assert.equal(tf.memory().numTensors, before);
  });
});

test('without a kernel it says what it is, and the pad stays hidden until there is one', t => {
  const log = t.mock.method(console, 'log', () => {});
  drawDigit(model);
  const text = String(log.mock.calls[0].arguments[0]);
  assert.match(text, /^A pad to draw digits on.*works in a notebook whose kernel has run this cell\.$/);
  const html = padHtml('some-id', 'A <b>');
  assert.match(html, /<p class="otherwise">A &lt;b&gt;<\/p><div class="live" hidden>/);
});
