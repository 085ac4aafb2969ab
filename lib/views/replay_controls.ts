/** What the views share in which one goes through a replay by hand. */
import type { KernelApi } from '../display/kernel_api';
import { Widget } from '../display/widgets';

/** Messages that wait already come first: of a slider that is dragged, only the newest place is drawn. */
export function soon(act: () => void): () => void {
  let waiting = false;
  return () => {
    if (waiting) return;
    waiting = true;
    setImmediate(() => {
      waiting = false;
      act();
    });
  };
}

/** A slider over so many things, from the first, 0 or 1. */
export function slide(
  kernel: KernelApi,
  description: string,
  count: number,
  value: number,
  fromOne: boolean,
): Widget {
  const min = fromOne ? 1 : 0;
  return new Widget(kernel, 'IntSlider', {
    ...{ description, min, max: min + count - 1, value: min + value, continuous_update: true },
    layout: new Widget(kernel, 'Layout', { width: '36em', max_width: '100%' }).reference,
    style: new Widget(kernel, 'SliderStyle', { description_width: '6em' }).reference,
  });
}

/** A list of which one entry is chosen, by its `index`. */
export function dropdown(
  kernel: KernelApi,
  description: string,
  labels: readonly string[],
  index: number,
): Widget {
  return new Widget(kernel, 'Dropdown', {
    ...{ description, _options_labels: labels, index },
    layout: new Widget(kernel, 'Layout', { width: '18em' }).reference,
    style: new Widget(kernel, 'DescriptionStyle', { description_width: '6em' }).reference,
  });
}
