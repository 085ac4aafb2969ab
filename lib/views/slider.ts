import { UserError } from '../base/errors';
import { escapeHtml } from '../base/text';
import { currentKernel } from '../display/kernel_api';
import { showWidget, Widget } from '../display/widgets';

/** Options of a `slider`. */
export interface SliderOptions {
  /** What is beside it. */
  label: string;
  min: number;
  max: number;
  /** Where it stands at first. */
  value: number;
  /** From one value to the next. Default 1. */
  step?: number;
}

/**
 * A slider in the output of this cell. Where a viewer shows no widgets, calling `change` by hand does the same.
 * @param change is called with the value when the user lets the slider go, and waited for: what it was moved to in the
 * meantime comes next, and only the last of that. What it throws is shown below the slider
 * @throws UserError unless min ≤ value ≤ max
 *
 * @example
 * slider({ label: 'image', min: 0, max: 9999, value: 7 }, async image => {
 *   console.log(mnist.test.label(image));
 * });
 */
export function slider(
  { label, min, max, value, step = 1 }: SliderOptions,
  change: (value: number) => unknown,
): void {
  if (!(min <= value && value <= max && step > 0)) {
    throw new UserError(
      `Expected a slider from min to max, in steps above 0, and its value in between, found min ${min}, max ${max}, ` +
        `value ${value}, step ${step}`,
    );
  }
  const kernel = currentKernel();
  const otherwise = `A slider, ${label}, from ${min} to ${max} (this viewer shows none)`;
  if (!kernel) {
    console.log(otherwise);
    return;
  }
  const widget = new Widget(kernel, Number.isInteger(step) ? 'IntSlider' : 'FloatSlider', {
    ...{ description: label, min, max, step, value, continuous_update: false },
    layout: new Widget(kernel, 'Layout', { width: '30em' }).reference,
    style: new Widget(kernel, 'SliderStyle', { description_width: '8em' }).reference,
  });
  const complaint = new Widget(kernel, 'HTML', { value: '' });
  const act = oneAtATime(change, text => complaint.set({ value: escapeHtml(text) }));
  widget.onValue(moved => void act(moved));
  const children = [widget.reference, complaint.reference];
  showWidget(kernel, new Widget(kernel, 'VBox', { children }), otherwise);
}

/** Calls for the newest value when the call before has ended. @param complain takes '' when there is nothing */
function oneAtATime(change: (value: number) => unknown, complain: (text: string) => void) {
  let next: number | undefined;
  let busy = false;
  return async (value: unknown) => {
    next = Number(value);
    if (busy) return;
    busy = true;
    while (next !== undefined) {
      const now: number = next;
      next = undefined;
      try {
        await change(now);
        complain('');
      } catch (error) {
        complain(error instanceof Error ? error.message : String(error));
      }
    }
    busy = false;
  };
}
