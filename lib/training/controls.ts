import { UserError } from '../errors';
import { hyperparameterSettings } from '../hyperparameters';
import { currentKernel, type KernelApi } from '../notebook/kernel_api';
import { showWidget, Widget } from '../notebook/widgets';
import type { Setting } from '../settings';
import type { LiveSettings, TrainingRun } from './training_run';

const withoutWidgets =
  'Sliders and buttons for this run (this viewer shows none). The same by code: run.set({ learningRate: 3e-4 }), ' +
  'run.pause(), run.resume(), run.stop(), run.saveCheckpoint()';

/**
 * Sliders for the settings that may be changed while training goes on, and buttons to pause, resume, stop and save a
 * checkpoint, in the output of this cell. They act on the run at once, also while another cell trains it, and always
 * show the values in use, whoever changed them.
 *
 * @example
 * controls(run);      // in one cell
 * await train(run);   // in the next
 */
export function controls(run: TrainingRun): void {
  const kernel = currentKernel();
  if (!kernel) {
    console.log(withoutWidgets);
    return;
  }
  const message = new Widget(kernel, 'Label', { value: describe(run) });
  const say = (text: string) => message.set({ value: text });
  const settings = hyperparameterSettings.filter(({ live }) => live) as (Setting & {
    name: keyof LiveSettings;
  })[];
  const sliders = settings.map(setting => settingWidget(kernel, run, setting, say));
  const buttons = [
    button(kernel, 'Pause', 'pause', () => run.pause()),
    button(kernel, 'Resume', 'play', () => run.resume()),
    button(kernel, 'Stop', 'stop', () => run.stop()),
    button(kernel, 'Save checkpoint', 'save', () => say(attempt(() => `saved: ${run.saveCheckpoint()}`))),
  ];
  const [pause, resume, stop] = buttons;
  const update = () => {
    const { status, active } = run;
    settings.forEach(({ name }, i) => sliders[i].set({ value: run.settings[name] }));
    pause.set({ disabled: status !== 'training' });
    resume.set({ disabled: status !== 'paused' });
    stop.set({ disabled: !active || status === 'stopping' });
    say(describe(run));
  };
  run.onUpdate(update);
  update();
  const children = (widgets: Widget[]) => ({ children: widgets.map(({ reference }) => reference) });
  const row = new Widget(kernel, 'HBox', children(buttons));
  showWidget(kernel, new Widget(kernel, 'VBox', children([...sliders, row, message])), withoutWidgets);
}

/** A logarithmic slider where the scale is, a plain one otherwise; a field where a logarithmic scale holds 0. */
function settingWidget(
  kernel: KernelApi,
  run: TrainingRun,
  setting: Setting & { name: keyof LiveSettings },
  say: (text: string) => void,
): Widget {
  const { name, unit, description, minimum = 0, maximum = 1, exclusiveMaximum, scale } = setting;
  const layout = new Widget(kernel, 'Layout', { width: '32em' });
  const style = (model: string) => new Widget(kernel, model, { description_width: '8em' }).reference;
  const common = {
    description: unit ? `${name} (${unit})` : name,
    tooltip: description,
    value: run.settings[name],
    layout: layout.reference,
    continuous_update: false, // the value in use changes when the slider is let go, once
  };
  const slider = { ...common, readout_format: '.10~g', readout: true, orientation: 'horizontal' };
  let widget: Widget;
  if (scale === 'log' && minimum === 0 && !setting.exclusiveMinimum) {
    const state = { ...common, min: minimum, max: maximum, step: 0.1, style: style('DescriptionStyle') };
    widget = new Widget(kernel, 'BoundedFloatText', state);
  } else if (scale === 'log') {
    const lowest = minimum > 0 ? minimum : Number(setting.default) / 1000;
    const range = { base: 10, min: Math.log10(lowest), max: Math.log10(maximum), step: 0.05 };
    widget = new Widget(kernel, 'FloatLogSlider', { ...slider, ...range, style: style('SliderStyle') });
  } else {
    const step = 0.01;
    const range = { min: minimum, max: exclusiveMaximum ? maximum - step : maximum, step };
    widget = new Widget(kernel, 'FloatSlider', { ...slider, ...range, style: style('SliderStyle') });
  }
  widget.onValue(value => {
    const rounded = Number(Number(value).toPrecision(3));
    const complaint = attempt(() => {
      run.set({ [name]: rounded });
      return '';
    });
    widget.set({ value: run.settings[name] });
    if (complaint) say(complaint);
  });
  return widget;
}

function button(kernel: KernelApi, description: string, icon: string, act: () => void): Widget {
  const style = new Widget(kernel, 'ButtonStyle').reference;
  const layout = new Widget(kernel, 'Layout').reference;
  const widget = new Widget(kernel, 'Button', { description, icon, style, layout });
  widget.onClick(act);
  return widget;
}

/** What it returns, or the user's mistake in words. */
function attempt(act: () => string): string {
  try {
    return act();
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}

function describe(run: TrainingRun): string {
  const { status, train, totalSteps } = run;
  switch (status) {
    case 'training':
      return 'training';
    case 'paused':
    case 'stopping':
      return `${status} at step ${train.length}`;
    case 'stopped':
    case 'broke off':
      return train.length > 0
        ? `${status} after step ${train.length} of ${totalSteps}: continueTraining(run) goes on`
        : 'not started: train(run) begins';
    case 'finished':
      return `finished after ${train.length} steps: continueTraining(run, { epochs: 1 }) adds an epoch`;
  }
}
