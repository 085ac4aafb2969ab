import { randomUUID } from 'node:crypto';
import { percent } from '../../base/format';
import { indexOfLargest } from '../../base/statistics';
import { escapeHtml } from '../../base/text';
import { nameOfClass } from '../../charts/parts/digit';
import { currentKernel } from '../../display/kernel_api';
import { showWidget, Widget } from '../../display/widgets';
import { sourceOf } from '../../export/source';
import { settledStep } from '../../inspect/answers';
import type { Inspected } from '../../inspect/opened';
import { replay, type Replay } from '../../inspect/replay';
import { slide, soon } from '../replay_controls';
import { replayPicture } from '../replay_picture';
import { imageOf, parseDrawing } from './drawing_message';
import { padHtml } from './pad_html';

/** Options of `drawDigit`. */
export interface DrawDigitOptions {
  /** Name of each class. Default: those of the run's data. */
  classNames?: readonly string[];
}

/**
 * A pad to draw on, in the output of this cell. Each drawing goes to the kernel, is prepared as MNIST's images were, and
 * is answered while one draws: the class, the probability of each, the image that the network sees, and how it read it,
 * with the time step from which on it says so; a slider goes through the steps. Pictures can be opened, dropped, or pasted
 * when the pad has the focus. The answer comes from the weights of now: draw again after more training.
 *
 * In a saved notebook or page without a kernel it only says what it is.
 * @param inspected a model, a run, or a run's folder; of a folder the newest checkpoint is loaded once
 * @throws UserError for a folder without a checkpoint, and a model that does not say what it is made of
 *
 * @example
 * drawDigit(run);
 */
export function drawDigit(inspected: Inspected, options: DrawDigitOptions = {}): void {
  const { model, image: size, name, info } = sourceOf(inspected);
  const { classNames = info?.images?.classNames } = options;
  const blank = { ...size, pixels: new Uint8Array(size.rows * size.columns) };
  const { numSteps, layers } = replay(model, blank);
  const layer = layers.filter(({ direction }) => direction === 'forward').length - 1;
  const otherwise = `A pad to draw digits on, which the network of ${name} reads while one draws: it works in a notebook whose kernel has run this cell.`;
  const kernel = currentKernel();
  if (!kernel) {
    console.log(otherwise);
    return;
  }
  const id = `scanline-${randomUUID()}`;
  const hidden = new Widget(kernel, 'Layout', { display: 'none' }).reference;
  const message = new Widget(kernel, 'Textarea', { value: '', _dom_classes: [id], layout: hidden });
  const step = slide(kernel, 'time step', numSteps, numSteps - 1, true);
  const answer = new Widget(kernel, 'HTML', {
    value: remark('Draw a digit.', 0),
    _dom_classes: [`${id}-answer`],
  });
  let number = 0;
  let shown: { readonly text: string; readonly at: (step: number) => string } | undefined;
  const draw = soon(() => {
    const text = String(message.get('value'));
    if (text === '') return;
    try {
      if (shown?.text !== text) {
        const drawing = parseDrawing(text);
        ({ number } = drawing);
        const image = imageOf(drawing, size);
        const nothing = () => remark('Draw a digit.', drawing.number);
        shown = { text, at: image ? readingOf(replay(model, image), number, layer, classNames) : nothing };
      }
      answer.set({ value: shown.at(Number(step.get('value')) - 1) });
    } catch (error) {
      shown = undefined;
      answer.set({ value: remark(error instanceof Error ? error.message : String(error), number) });
    }
  });
  message.onValue(draw);
  step.onValue(draw);
  kernel.display({ 'text/html': padHtml(id, otherwise), 'text/plain': otherwise });
  const children = [message, step, answer].map(({ reference }) => reference);
  showWidget(kernel, new Widget(kernel, 'VBox', { children }), 'Its answer (this viewer shows no widgets)');
}

/** @param number of the drawing that this is the answer to */
const remark = (text: string, number: number, answer = '') =>
  `<p data-number="${number}" role="status"><strong style="font-size: 2em">${escapeHtml(answer)}</strong> ` +
  `${escapeHtml(text)}</p>`;

function readingOf(
  record: Replay,
  number: number,
  layer: number,
  classNames?: readonly string[],
): (step: number) => string {
  const { prediction, probabilities, numSteps } = record;
  const settled = settledStep(probabilities.map(indexOfLargest));
  const name = nameOfClass(prediction, classNames);
  const last = probabilities[numSteps - 1];
  const sentence =
    `with ${percent(last[prediction])}. It made up its mind at time step ${settled + 1} of ${numSteps}: from there ` +
    `on it says ${name}.`;
  const pictureAt = replayPicture(record, { layer, title: 'what the network sees', classNames });
  return step => remark(sentence, number, name) + pictureAt(step);
}
