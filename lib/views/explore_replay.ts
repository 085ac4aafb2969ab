import { UserError } from '../base/errors';
import { range } from '../base/range';
import { escapeHtml } from '../base/text';
import { nameOfClass } from '../charts/parts/digit';
import type { DataSet } from '../data';
import { currentKernel } from '../display/kernel_api';
import { showWidget, Widget } from '../display/widgets';
import { open, type Inspected } from '../inspect/opened';
import { replay, type Replay } from '../inspect/replay';
import { dropdown, slide, soon } from './replay_controls';
import { replayPicture } from './replay_picture';

/** Options of `exploreReplay`. */
export interface ExploreReplayOptions {
  /** The images that can be chosen, by their index, such as those of `hardest`. Default: all. */
  images?: readonly number[];
  /** Name of each class. Default: those of the data. */
  classNames?: readonly string[];
}

/**
 * Look at how a network reads one image after another: sliders choose the image, by its number or among those of one
 * class, and the time step, and the picture changes while they are dragged. It shows what `rowReplay` draws. Where a
 * viewer has no widgets, it shows the first image.
 * @param inspected a model, a run, or a run's folder; of a folder the newest checkpoint is loaded once
 * @throws UserError for images of another size, or images that there are not
 *
 * @example
 * exploreReplay(run, mnist.test);
 */
export function exploreReplay(
  inspected: Inspected,
  data: DataSet,
  { images = range(data.numExamples), classNames = data.classNames }: ExploreReplayOptions = {},
): void {
  const odd = images.find(index => !Number.isInteger(index) || index < 0 || index >= data.numExamples);
  if (images.length === 0 || odd !== undefined) {
    throw new UserError(
      `Expected images from 0 to ${data.numExamples - 1}, found ${odd === undefined ? 'none' : String(odd)}`,
    );
  }
  const { model } = open(inspected, data);
  const recordOf = remembered((index: number) => replay(model, data.example(index)));
  const pictureOf = remembered((index: number, layer: number) => {
    const record = recordOf(index);
    return replayPicture(record, { layer, title: titleOf(record, index, classNames), classNames });
  });
  const { layers, numSteps } = recordOf(images[0]);
  const topLayer = layers.filter(({ direction }) => direction === 'forward').length - 1;
  const firstStep = Math.floor((2 * numSteps) / 3);
  const first = pictureOf(images[0], topLayer)(firstStep);
  const otherwise = 'A replay to explore (this viewer shows no widgets)';
  const kernel = currentKernel();
  if (!kernel) {
    console.log(otherwise);
    return;
  }
  const classes = [...new Set(images.map(index => data.label(index)))].sort((a, b) => a - b);
  const labels = ['all', ...classes.map(label => nameOfClass(label, classNames))];
  const ofClass = dropdown(kernel, 'class', labels, 0);
  const image = slide(kernel, 'image', images.length, 0, false);
  const step = slide(kernel, 'time step', numSteps, firstStep, true);
  const layerNames = layers.map(({ layer: own, direction }) => `${own + 1}, ${direction}`);
  const layer = dropdown(kernel, 'layer', layerNames, topLayer);
  const picture = new Widget(kernel, 'HTML', { value: first });
  let some = images;
  const draw = soon(() => {
    try {
      const at = pictureOf(some[Number(image.get('value'))], Number(layer.get('index')));
      picture.set({ value: at(Number(step.get('value')) - 1) });
    } catch (error) {
      picture.set({ value: escapeHtml(error instanceof Error ? error.message : String(error)) });
    }
  });
  ofClass.onValue(chosen => {
    const label = classes[Number(chosen) - 1] as number | undefined;
    some = label === undefined ? images : images.filter(index => data.label(index) === label);
    image.set({ value: 0, max: some.length - 1 });
    draw();
  }, 'index');
  [image, step].forEach(widget => widget.onValue(draw));
  layer.onValue(draw, 'index');
  const children = [ofClass, image, step, ...(layers.length > 1 ? [layer] : []), picture];
  showWidget(kernel, new Widget(kernel, 'VBox', { children: children.map(({ reference }) => reference) }), {
    'image/svg+xml': first,
    'text/plain': otherwise,
  });
}

function titleOf(
  { prediction, image: { label } }: Replay,
  index: number,
  classNames?: readonly string[],
): string {
  const name = (of: number) => nameOfClass(of, classNames);
  if (label === undefined) return `image ${index}, taken for ${name(prediction)}`;
  return `image ${index}: ${label === prediction ? `✓ ${name(label)}` : `✗ ${name(prediction)}, is ${name(label)}`}`;
}

/** The last result is kept: when the step changes, the same is asked for again. */
function remembered<Result>(make: (...numbers: number[]) => Result): (...numbers: number[]) => Result {
  let last: { readonly key: string; readonly result: Result } | undefined;
  return (...numbers) => {
    const key = numbers.join();
    if (last?.key !== key) last = { key, result: make(...numbers) };
    return last.result;
  };
}
