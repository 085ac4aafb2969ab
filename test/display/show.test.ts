import assert from 'node:assert/strict';
import { afterEach, mock, test } from 'node:test';
import type { Figure } from '../../lib/charts';
import {
  setCurrentKernel,
  type DisplayOptions,
  type KernelApi,
  type MimeBundle,
} from '../../lib/display/kernel_api';
import { show } from '../../lib/display/show';

const figure: Figure = {
  data: [{ type: 'scatter', y: [1, 3, 2] }],
  layout: { meta: { description: 'three points' } },
};

/** A kernel that keeps what is displayed. */
function recordingKernel(): { bundle: MimeBundle; options?: DisplayOptions }[] {
  const shown: { bundle: MimeBundle; options?: DisplayOptions }[] = [];
  const display: KernelApi['display'] = (bundle, options) => void shown.push({ bundle, options });
  setCurrentKernel({ display } as KernelApi);
  return shown;
}

afterEach(() => {
  setCurrentKernel(undefined);
  mock.restoreAll();
});

test('one output holds the figure, its picture and a line of text', async () => {
  const shown = recordingKernel();
  await show(figure);
  assert.equal(shown.length, 1);
  const { bundle } = shown[0];
  assert.deepEqual(Object.keys(bundle), ['application/vnd.plotly.v1+json', 'image/svg+xml', 'text/plain']);
  const interactive = bundle['application/vnd.plotly.v1+json'] as Figure;
  assert.deepEqual(interactive.data, figure.data);
  assert.deepEqual(interactive.layout, figure.layout);
  assert.equal(interactive.config!.responsive, false);
  assert.match(bundle['image/svg+xml'] as string, /^<svg .*<title>three points<\/title>/);
  assert.equal(bundle['text/plain'], 'three points');
});

test('what the figure configures itself wins', async () => {
  const shown = recordingKernel();
  await show({ ...figure, config: { responsive: true } });
  const interactive = shown[0].bundle['application/vnd.plotly.v1+json'] as Figure;
  assert.equal(interactive.config!.responsive, true);
});

test('an output with an id can be replaced, by way of a picture', async () => {
  const shown = recordingKernel();
  await show(figure, { displayId: 'curves' });
  await show(figure, { displayId: 'curves', update: true });
  assert.deepEqual(
    shown.map(({ options }) => options),
    [
      { displayId: 'curves', value: figure },
      { displayId: 'curves', update: true },
      { displayId: 'curves', update: true, value: figure },
    ],
  );
  assert.deepEqual(Object.keys(shown[1].bundle), ['image/svg+xml', 'text/plain']);
  assert.ok('application/vnd.plotly.v1+json' in shown[2].bundle);
});

test('a figure that Plotly cannot draw without a browser is shown without a picture', async () => {
  const shown = recordingKernel();
  await show({ data: [{ type: 'heatmap', z: [[1, 2]] }], layout: {} });
  const { bundle } = shown[0];
  assert.ok(bundle['application/vnd.plotly.v1+json']);
  assert.ok(!('image/svg+xml' in bundle));
  assert.match(
    bundle['text/plain'] as string,
    /^Plotly figure with 1 traces\. No picture: Expected .* found heatmap$/,
  );
});

test('outside a notebook it prints a line', async () => {
  const log = mock.method(console, 'log', () => undefined);
  await show(figure);
  assert.equal(log.mock.callCount(), 1);
  assert.match(String(log.mock.calls[0].arguments[0]), /^three points .*figureToSvg/);
});
