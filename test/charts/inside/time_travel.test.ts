import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { PlotData } from 'plotly.js';
import { timeTravel, type TestImages } from '../../../lib/charts';
import { figureToSvg } from '../../../lib/display/picture';
import { deepFreeze, sampleDigit, sampleHistory } from '../samples';

const labels = [0, 1, 2, 0];
const data: TestImages = { labels, numClasses: 3, example: index => sampleDigit(labels[index]) };
/** Wrong: all four, then the last two, then the last one. */
const tests = [
  { step: 200, classes: Uint8Array.of(1, 2, 0, 1) },
  { step: 400, classes: Uint8Array.of(0, 1, 0, 1) },
  { step: 600, classes: Uint8Array.of(0, 1, 2, 1) },
];
const history = sampleHistory(1);
const travel = (options = {}) => timeTravel(history, tests, data, options);
const traces = (data: readonly unknown[]) => data as PlotData[];

describe('time travel', () => {
  test('has a frame for each test: the error, the confusion matrix, the answers', () => {
    const { frames, layout } = travel({ images: [2, 3] });
    assert.deepEqual(
      frames!.map(({ name }) => name),
      ['200', '400', '600'],
    );
    const byFrame = frames!.map(frame => traces(frame.data));
    assert.deepEqual(
      byFrame.map(([mark]) => [mark.x, mark.y, mark.text]),
      [
        [[200], [1], ['100.00 %']],
        [[400], [0.5], ['50.00 %']],
        [[600], [0.25], ['25.00 %']],
      ],
    );
    assert.deepEqual(
      (byFrame[1][1].text as string[]).map(text => text.trim()),
      ['1', '1', '', '', '1', '', '1', '', ''], // rows are labels
    );
    assert.deepEqual(byFrame[1][2].text, ['✗ 0<br>is 2', '✗ 1<br>is 0']);
    assert.deepEqual(byFrame[2][2].text, ['✓ 2', '✗ 1<br>is 0']);
    const pictures = frames!.map(frame => frame.layout.images![0].source);
    assert.equal(new Set(pictures).size, 3);
    assert.equal(layout.images!.length, 3); // the matrix and the two images
  });

  test('shows the chosen test at first, with what stays the same', () => {
    const { data: shown, frames, layout } = travel({ test: 1, images: [0] });
    assert.equal(layout.sliders![0].active, 1);
    for (const [i, trace] of traces(frames![1].data).entries()) {
      assert.deepEqual({ ...shown[i], ...trace }, shown[i]);
    }
    assert.equal(layout.images![0].source, frames![1].layout.images![0].source);
    assert.equal(traces(shown)[1].hovertext[1], '0 taken for 1');
  });

  test('follows the images whose answers changed most often, where none are named', () => {
    const [, , answers] = traces(travel().data);
    assert.deepEqual(answers.hovertext, [0, 1, 2, 3].map(i => `test image ${i}`)); // prettier-ignore
    const many = { ...data, labels: new Array<number>(20).fill(0), example: () => sampleDigit(0) };
    const answered = [0, 1, 0].map((answer, t) => ({
      step: t + 1,
      classes: Uint8Array.from({ length: 20 }, (_, i) => (i >= 11 ? answer : 0)),
    }));
    const [, , followed] = traces(timeTravel(history, answered, many).data);
    assert.deepEqual(followed.hovertext, [11, 12, 13, 14, 15, 16, 17, 18].map(i => `test image ${i}`)); // prettier-ignore
  });

  test('of many tests has a limited number of frames', () => {
    const many = Array.from({ length: 200 }, (_, t) => ({ ...tests[t % 3], step: t + 1 }));
    const { frames } = timeTravel({ train: [], test: [] }, many, data, { test: 4 });
    const steps = frames!.map(({ name }) => Number(name));
    assert.ok(steps.length <= 57 && steps.includes(5) && steps.includes(200));
  });

  test('is plain JSON, leaves its input alone, and escapes the names of classes', () => {
    const classNames = ['<a href="javascript:x">0</a>', '$1$', '%{x}'];
    const figure = timeTravel(deepFreeze(history), deepFreeze(tests), data, { classNames });
    assert.deepEqual(JSON.parse(JSON.stringify(figure)), figure);
    assert.doesNotMatch(JSON.stringify(figure), /<a |\$1\$|%\{x\}: %/);
  });

  test('has a picture without a browser, and a sentence', async () => {
    const svg = await figureToSvg(travel({ test: 1 }));
    assert.match(
      svg,
      /A training at its 3 tests: of the images were wrong 100.00 % after step 200, 50.00 % after step 400, 25.00 %/,
    );
    assert.equal(svg.match(/<image/g)!.length, 5);
    assert.doesNotMatch(svg, />play<|NaN/);
  });

  test('says what it needs', () => {
    assert.throws(() => timeTravel(history, [], data), /UserError: Expected the predictions of at least one/);
    assert.throws(
      () => timeTravel(history, tests, { ...data, labels: [0] }),
      /UserError: Expected the 4 images that the run was tested with, found 1/,
    );
    assert.throws(() => travel({ images: [] }), /UserError: Expected 1 to 12 images to follow, found 0/);
    assert.throws(() => travel({ images: [4] }), /UserError: Expected .* 0 to 3, found 4/);
    assert.throws(() => travel({ test: 3 }), /UserError: Expected a test .* 0 to 2, found 3/);
  });
});
