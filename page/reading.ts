/** The reading of one image, step by step: a slider, a button that plays, and the panels. */
import { percent } from '../lib/base/format';
import { settledStep } from '../lib/inspect/answers';
import type { Replay } from '../lib/inspect/read_image';
import { bestOf, type Answer } from './answer';
import { byId, element } from './dom';
import { imagePanel, layerPanels, probabilityPanel, type Panel } from './panels';

/** In milliseconds: the whole image, unless its steps were shorter than a frame or too slow to wait for. */
const playTime = 3000;
const [shortestStep, longestStep] = [33, 150];

export class Reading {
  private readonly slider = byId('step', HTMLInputElement);
  private readonly button = byId('play', HTMLButtonElement);
  private readonly layer = byId('layer', HTMLSelectElement);
  private readonly fixed = byId('fixed-panels', HTMLElement);
  private readonly changing = byId('layer-panels', HTMLElement);
  private record?: Replay;
  private panels: readonly Panel[] = [];
  private timer?: ReturnType<typeof setInterval>;

  /**
   * @param names of the classes
   * @param stepName what the network reads at a time: `row`
   * @param answer shows what the network says at the step at which the slider stands
   */
  constructor(
    private readonly names: readonly string[],
    private readonly stepName: string,
    private readonly answer: Answer,
  ) {
    this.slider.addEventListener('input', () => {
      this.pause();
      this.showStep();
    });
    this.button.addEventListener('click', () => (this.timer === undefined ? this.play() : this.pause()));
    this.layer.addEventListener('change', () => this.showLayer());
  }

  /** Show a reading from its end. */
  show(record: Replay): void {
    this.pause();
    this.record = record;
    const settledAt = settledStep(record.probabilities.map(bestOf));
    const { numSteps, layers } = record;
    Object.assign(this.slider, { max: String(numSteps - 1), value: String(numSteps - 1), disabled: false });
    this.button.disabled = false;
    const [image, answers] = [imagePanel(record), probabilityPanel(record, settledAt, this.names)];
    this.fixed.replaceChildren(image.figure, answers.figure);
    const chosen = this.layer.selectedIndex < 0 ? layers.length - 1 : this.layer.selectedIndex;
    this.layer.replaceChildren(
      ...layers.map(({ layer, direction }) => {
        const both = layers.some(each => each.direction === 'backward');
        return element('option', { textContent: `${layer + 1}${both ? `, ${direction}` : ''}` });
      }),
    );
    this.layer.selectedIndex = Math.min(chosen, layers.length - 1);
    byId('settled', HTMLElement).textContent =
      `It made up its mind at ${this.stepName} ${settledAt + 1} of ${numSteps}: from there on it says ` +
      `${this.names[record.prediction]}.`;
    this.panels = [image, answers];
    this.showLayer();
  }

  /** There is nothing to read. */
  clear(): void {
    this.pause();
    this.record = undefined;
    this.slider.disabled = this.button.disabled = true;
    this.fixed.replaceChildren();
    this.changing.replaceChildren();
    byId('settled', HTMLElement).textContent = '';
    byId('step-text', HTMLElement).textContent = '';
  }

  private showLayer(): void {
    if (!this.record) return;
    const own = layerPanels(this.record.layers[this.layer.selectedIndex]);
    this.changing.replaceChildren(...own.map(({ figure }) => figure));
    this.panels = [...this.panels.slice(0, 2), ...own];
    this.showStep();
  }

  private showStep(): void {
    const { record } = this;
    if (!record) return;
    const step = Number(this.slider.value);
    for (const panel of this.panels) panel.reveal(step);
    const { numSteps, probabilities, image } = record;
    const now = probabilities[step];
    const best = bestOf(now);
    const text = `${this.stepName} ${step + 1} of ${numSteps}`;
    byId('step-text', HTMLElement).textContent = text;
    this.slider.setAttribute('aria-valuetext', `${text}: ${this.names[best]}, ${percent(now[best])}`);
    const atEnd = step === numSteps - 1;
    this.answer.show(now, atEnd ? 'after the whole image' : `if the image ended after ${text}`, image.label);
  }

  private play(): void {
    if (!this.record) return;
    const { numSteps } = this.record;
    if (Number(this.slider.value) === numSteps - 1) this.slider.value = '0';
    this.button.textContent = 'Pause';
    const stepTime = Math.min(longestStep, Math.max(shortestStep, playTime / numSteps));
    const stride = Math.max(1, Math.round((numSteps * shortestStep) / playTime));
    this.showStep();
    this.timer = setInterval(() => {
      const next = Math.min(numSteps - 1, Number(this.slider.value) + stride);
      this.slider.value = String(next);
      this.showStep();
      if (next === numSteps - 1) this.pause();
    }, stepTime);
  }

  private pause(): void {
    clearInterval(this.timer);
    this.timer = undefined;
    this.button.textContent = 'Play';
  }
}
