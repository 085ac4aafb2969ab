/**
 * The last expression of a cell: its value is shown in the way that it chooses (`Symbol.for('Jupyter.display')`), or
 * else printed, as all that a cell prints, in its place among the other lines. So a notebook holds one kind of text
 * output, and no message `execute_result`, of which a cell could have but one.
 */
import { currentKernel, type MimeBundle } from '../lib/display/kernel_api';
import { display } from '../lib/base/readable';
import { show } from '../lib/display/show';
import type { Cell } from './cell';

interface Displayable {
  [display](): MimeBundle | undefined | Promise<MimeBundle | undefined>;
}

/** @throws what the value's own method throws */
export async function showLastValue(value: unknown, cell: Cell): Promise<void> {
  if (value === undefined || value === null) return;
  if (typeof value === 'object' && cell.shown.has(value)) return;
  if (isDisplayable(value)) {
    const bundle = await value[display]();
    if (bundle) currentKernel()?.display(bundle);
    return;
  }
  if (isFigure(value)) return show(value);
  console.log(value);
  if (value instanceof Promise) console.warn('A promise: its value comes with await in front of it.');
}

/** Of Plotly, whoever made it. */
function isFigure(value: object): value is Parameters<typeof show>[0] {
  const { data, layout } = value as Partial<Record<'data' | 'layout', unknown>>;
  return Array.isArray(data) && typeof layout === 'object' && layout !== null;
}

function isDisplayable(value: object): value is Displayable {
  return typeof (value as Partial<Displayable>)[display] === 'function';
}
