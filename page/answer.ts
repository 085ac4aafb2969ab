/** What the network says: the class, and a bar for each probability. */
import { percent } from '../lib/base/format';
import { byId, element } from './dom';

interface Bar {
  readonly row: HTMLTableRowElement;
  readonly fill: HTMLElement;
  readonly text: HTMLElement;
}

export class Answer {
  private readonly bars: readonly Bar[];
  private readonly name = byId('answer', HTMLOutputElement);
  private readonly remark = byId('remark', HTMLElement);

  /** @param names of the classes */
  constructor(private readonly names: readonly string[]) {
    const body = byId('bars', HTMLTableSectionElement);
    this.bars = names.map(name => {
      const fill = element('div', { className: 'fill' });
      const text = element('td', { className: 'number' });
      const row = element(
        'tr',
        {},
        element('th', { scope: 'row', textContent: name }),
        element('td', { className: 'bar' }, fill),
        text,
      );
      body.append(row);
      return { row, fill, text };
    });
  }

  /** @param label of the right class, if it is known */
  show(probabilities: ArrayLike<number>, remark: string, label?: number): void {
    const best = bestOf(probabilities);
    this.bars.forEach(({ row, fill, text }, i) => {
      row.className = i === best ? 'best' : '';
      fill.style.width = `${100 * probabilities[i]}%`;
      text.textContent = percent(probabilities[i]);
    });
    this.name.textContent = this.names[best];
    this.name.className = label === undefined ? '' : label === best ? 'right' : 'wrong';
    const truth = label === best ? ', and that is right' : `; it is a ${this.names[label ?? 0]}`;
    this.remark.textContent = label === undefined ? remark : remark + truth;
  }

  clear(remark: string): void {
    for (const { row, fill, text } of this.bars) {
      row.className = '';
      fill.style.width = '0';
      text.textContent = '';
    }
    this.name.textContent = '–';
    this.name.className = '';
    this.remark.textContent = remark;
  }
}

export function bestOf(probabilities: ArrayLike<number>): number {
  const list = Array.from(probabilities);
  return list.indexOf(Math.max(...list));
}
