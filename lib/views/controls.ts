import { percent } from '../base/format';
import type { LiveSetting } from '../model/hyperparameters';
import { currentKernel, type KernelApi } from '../display/kernel_api';
import { showWidget, Widget } from '../display/widgets';
import type { SteeringRequest } from '../runs/steering';
import { escapeHtml, fixed } from '../base/text';
import { rateInUse } from './rate_in_use';
import { isJump, settingControl } from './setting_control';
import { carryOut, liveSettings, type Steerable } from '../training/steerable';
import { TrainingRun } from '../training/training_run';

/** Milliseconds from one step shown to the next. */
const statusInterval = 500;

const withoutWidgets =
  'Sliders and buttons for this run (this viewer shows none). The same by code: run.set({ learningRate: 3e-4 }), ' +
  'run.pause(), run.unpause(), run.stop(), run.saveCheckpoint(), run.backToBest()';

/**
 * Sliders and fields for the settings that may be changed while training goes on, and buttons to pause, resume, stop,
 * save a checkpoint and go back to the best one, in the output of this cell. They act on the run at once, also while
 * another cell trains it, and always show the values in use, whoever changed them. Where there is a schedule, the slider
 * of the learning rate takes its place, and a button goes back to it. A value more than ten times larger
 * or smaller is asked about first. In a saved notebook they come back after a reload, as long as the kernel lives.
 *
 * @example
 * controls(run);      // in one cell
 * await train(run);   // in the next
 */
export function controls(run: Steerable): void {
  const kernel = currentKernel();
  if (!kernel) {
    console.log(withoutWidgets);
    return;
  }
  const status = new Widget(kernel, 'Label', { value: describe(run) });
  const outcome = new Widget(kernel, 'HTML', { value: '' }); // a label would cut long lines off
  const say = (text: string) => outcome.set({ value: escapeHtml(text) });
  const ask = (request: SteeringRequest) => {
    say(carryOut(run, request));
    update();
  };
  const question = askFirst(kernel);
  const settings = liveSettings.filter(
    ({ name }) => name !== 'manualLearningRate' && run.settings[name] !== undefined,
  );
  const valueOf = (name: LiveSetting) => run.settings[name]!;
  const rows = settings.map(setting => {
    const { name } = setting;
    return settingControl(kernel, setting, valueOf(name), value => {
      const before = valueOf(name);
      const apply = () => ask({ ask: 'set', values: { [name]: value } });
      if (isJump(before, value)) question.ask(name, before, value, apply);
      else if (value !== before) apply();
      update();
    });
  });
  const buttons = [
    button(kernel, 'Pause', 'pause', () => ask({ ask: 'pause' })),
    button(kernel, 'Resume', 'play', () => ask({ ask: 'resume' })),
    button(kernel, 'Stop', 'stop', () => ask({ ask: 'stop' })),
    button(kernel, 'Save checkpoint', 'save', () => ask({ ask: 'saveCheckpoint' })),
    button(kernel, 'Back to best', 'undo', () => ask({ ask: 'backToBest' })),
  ];
  const [pause, resume, stop] = buttons;
  const schedule =
    run.settings.manualLearningRate === undefined
      ? undefined
      : button(kernel, 'Rate by schedule', 'line-chart', () => ask(bySchedule));
  let timer: NodeJS.Timeout | undefined;
  const update = () => {
    settings.forEach(({ name }, i) => rows[i].show(valueOf(name)));
    pause.set({ disabled: run.status !== 'training' });
    resume.set({ disabled: run.status !== 'paused' });
    stop.set({ disabled: !run.active || run.status === 'stopping' });
    schedule?.set({ disabled: !run.settings.manualLearningRate });
    status.set({ value: describe(run) });
    if (run.message !== undefined) say(run.message);
    clearInterval(timer);
    if (run.active) timer = setInterval(() => status.set({ value: describe(run) }), statusInterval).unref();
  };
  run.observe({ status: update, change: update });
  update();
  const wrap = new Widget(kernel, 'Layout', { flex_flow: 'row wrap' }).reference;
  const row = box(kernel, 'HBox', schedule ? [...buttons, schedule] : buttons, { layout: wrap });
  const parts = [...rows.map(({ widget }) => widget), question.widget, row];
  showWidget(kernel, box(kernel, 'VBox', [...parts, status, outcome]), withoutWidgets);
}

const bySchedule: SteeringRequest = { ask: 'set', values: { manualLearningRate: 0 } };

/** A line that asks whether a large change is meant; hidden until then. */
function askFirst(kernel: KernelApi) {
  const layout = new Widget(kernel, 'Layout', { display: 'none', flex_flow: 'row wrap' });
  const text = new Widget(kernel, 'Label', { value: '' });
  let apply = () => {};
  const end = () => layout.set({ display: 'none' });
  const yes = button(kernel, 'Change it', 'check', () => {
    end();
    apply();
  });
  const no = button(kernel, 'Keep it', 'times', end);
  return {
    widget: box(kernel, 'HBox', [text, yes, no], { layout: layout.reference }),
    ask(name: string, from: number, to: number, then: () => void) {
      apply = then;
      const ratio = Number(Math.max(from / to, to / from).toPrecision(2));
      const much = to > from ? 'larger' : 'smaller';
      text.set({ value: `${name} from ${from} to ${to}, ${ratio} times ${much}?` });
      layout.set({ display: 'flex' });
    },
  };
}

function box(kernel: KernelApi, model: 'HBox' | 'VBox', widgets: Widget[], state: object = {}): Widget {
  return new Widget(kernel, model, { children: widgets.map(({ reference }) => reference), ...state });
}

function button(kernel: KernelApi, description: string, icon: string, act: () => void): Widget {
  const style = new Widget(kernel, 'ButtonStyle').reference;
  const layout = new Widget(kernel, 'Layout', { width: 'auto', flex: '0 0 auto' }).reference;
  const widget = new Widget(kernel, 'Button', { description, icon, style, layout });
  widget.onClick(act);
  return widget;
}

function describe(run: Steerable): string {
  const { status, totalSteps, history } = run;
  const { train, test } = history;
  const advice = (text: string) => (run instanceof TrainingRun ? `: ${text}` : '');
  const steps = Number.isFinite(totalSteps) ? `${train.length} of ${totalSteps}` : String(train.length);
  switch (status) {
    case 'training': {
      const figures = [
        ...train.slice(-1).map(({ loss }) => `loss ${fixed(loss, 4)}`),
        ...test.slice(-1).map(({ testError }) => `test error ${percent(testError)}`),
        rateInUse(run.settings, history) ?? [],
      ];
      return [`training: step ${steps}`, ...figures].flat().join(', ');
    }
    case 'paused':
    case 'stopping':
      return `${status} at step ${train.length}`;
    case 'stopped':
    case 'broke off':
      return train.length > 0
        ? `${status} after step ${steps}${advice('continueTraining(run) goes on')}`
        : `not started${advice('train(run) begins')}`;
    case 'finished':
      return `finished after ${train.length} steps${advice('continueTraining(run, { epochs: 1 }) adds an epoch')}`;
  }
}
