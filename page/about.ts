/** What the run was: its settings, its test error, and how that fell. */
import { percent } from '../lib/base/format';
import { sizeOf, type PageContents } from './contents';
import { byId, element } from './dom';

const [width, height, left, bottom, margin] = [360, 170, 60, 34, 20];

export function showAbout(contents: PageContents): void {
  byId('run', HTMLElement).textContent = contents.run;
  byId('test-error', HTMLElement).textContent = testText(contents);
  byId('settings', HTMLTableSectionElement).append(
    ...contents.settings.map(({ name, value, meaning }) =>
      element(
        'tr',
        {},
        element('th', { scope: 'row', textContent: name }),
        element('td', { textContent: value }),
        element('td', { textContent: meaning }),
      ),
    ),
  );
  if (contents.curve.length > 1) byId('curve', HTMLElement).append(curveOf(contents.curve));
}

function testText({ test, format, step, tensors }: PageContents): string {
  const count = tensors.reduce((sum, { shape }) => sum + sizeOf(shape), 0).toLocaleString('en');
  const weights = `${count} weights after ${step.toLocaleString('en')} training steps`;
  if (!test) return `${weights}. Its test images were not at hand when this page was written.`;
  const images = `${test.numImages.toLocaleString('en')} test images`;
  const text = `${weights}. Of ${images} it answers ${percent(test.error)} wrongly`;
  if (format === 'float32') return `${text}.`;
  const more = 100 * (test.error - test.errorAsTrained);
  const cost =
    more === 0
      ? 'which changes nothing'
      : `${Math.abs(more).toFixed(2)} points ${more > 0 ? 'more' : 'less'}`;
  return `${text}, with weights rounded to 16 bits; as trained, with 32 bits, ${percent(test.errorAsTrained)}: ${cost}.`;
}

/** Test error against training steps. */
function curveOf(curve: PageContents['curve']): SVGElement {
  const last = curve[curve.length - 1];
  const top = Math.max(...curve.map(({ testError }) => testError)) || 1;
  const x = (step: number) => left + (step / last.step) * (width - left - margin);
  const y = (error: number) => height - bottom - (error / top) * (height - bottom - margin);
  const best = Math.min(...curve.map(({ testError }) => testError));
  const chart = svg('svg', { viewBox: `0 0 ${width} ${height}`, role: 'img' });
  chart.setAttribute(
    'aria-label',
    `Test error over ${last.step} training steps: from ${percent(curve[0].testError)} to ` +
      `${percent(last.testError)}, lowest ${percent(best)}`,
  );
  const points = curve.map(({ step, testError }) => `${x(step)},${y(testError)}`).join(' ');
  chart.append(
    ...[0, top / 2, top].flatMap(error => [
      svg('line', { class: 'grid', x1: left, x2: width - margin, y1: y(error), y2: y(error) }),
      label(percent(error), left - 6, y(error) + 4, 'end'),
    ]),
    label('0', left, height - bottom + 16, 'middle'),
    label(last.step.toLocaleString('en'), width - margin, height - bottom + 16, 'end'),
    label('training steps', (left + width) / 2, height - 4, 'middle'),
    svg('polyline', { class: 'curve', points }),
  );
  return chart;
}

function label(text: string, x: number, y: number, anchor: string): SVGElement {
  const made = svg('text', { x, y, 'text-anchor': anchor });
  made.textContent = text;
  return made;
}

function svg(name: string, attributes: Readonly<Record<string, string | number>>): SVGElement {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}
