import type { KernelApi } from '../display/kernel_api';
import { Widget } from '../display/widgets';
import type { Setting } from '../settings/settings';

/** More than this times larger or smaller is asked about: most often the slider was let go in a wrong place. */
const jump = 10;

export interface SettingControl {
  readonly widget: Widget;
  /** Show the value in use. */
  show(value: number): void;
}

/** Is the change so large that it is asked about first? */
export function isJump(from: number, to: number): boolean {
  return from > 0 && to > 0 && Math.max(from / to, to / from) > jump * (1 + 1e-9);
}

/**
 * A slider, logarithmic where the setting's scale is, with a field beside it that takes an exact value; only the field
 * where a logarithmic scale holds 0.
 * @param change is called with the new value when the user lets the slider go or leaves the field
 */
export function settingControl(
  kernel: KernelApi,
  setting: Setting,
  value: number,
  change: (value: number) => void,
): SettingControl {
  const { name, unit, description } = setting;
  const layout = (width: string) => new Widget(kernel, 'Layout', { width }).reference;
  const style = (model: string) => new Widget(kernel, model, { description_width: '8em' }).reference;
  const label = { description: unit ? `${name} (${unit})` : name, tooltip: description };
  const common = { value, continuous_update: false }; // the value in use changes when it is let go, once
  const range = sliderRange(setting);
  const field = new Widget(kernel, 'FloatText', {
    ...common,
    ...(range ? { description: '', tooltip: `${name}, exactly` } : label),
    step: null, // any value
    layout: layout(range ? '8em' : '16em'),
    style: style('DescriptionStyle'),
  });
  field.onValue(typed => change(Number(typed)));
  if (!range) return { widget: field, show: used => field.set({ value: used }) };
  const slider = new Widget(kernel, range.model, {
    ...common,
    ...label,
    ...range.state,
    ...{ readout: false, readout_format: '.3~g', orientation: 'horizontal' },
    layout: layout('26em'),
    style: style('SliderStyle'),
  });
  slider.onValue(dragged => change(Number(Number(dragged).toPrecision(3))));
  return {
    widget: new Widget(kernel, 'HBox', { children: [slider.reference, field.reference] }),
    show(used) {
      slider.set({ value: used });
      field.set({ value: used });
    },
  };
}

function sliderRange(setting: Setting): { model: string; state: object } | undefined {
  const { minimum = 0, maximum = 1, exclusiveMaximum, exclusiveMinimum, scale } = setting;
  if (scale === 'log' && minimum === 0 && !exclusiveMinimum) return undefined;
  if (scale === 'log') {
    const lowest = minimum > 0 ? minimum : Number(setting.default) / 1000;
    const state = { base: 10, min: Math.log10(lowest), max: Math.log10(maximum), step: 0.05 };
    return { model: 'FloatLogSlider', state };
  }
  const step = 0.01;
  return {
    model: 'FloatSlider',
    state: { min: minimum, max: exclusiveMaximum ? maximum - step : maximum, step },
  };
}
