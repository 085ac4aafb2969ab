import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { slider } from '../../lib';
import { find, move, useWidgetKernel, widgets } from '../support/widget_kernel';

const sizes = { label: 'time steps', min: 5, max: 50, value: 20 };
const complaint = () => widgets.find(({ state }) => state._model_name === 'HTMLModel')!.state.value;

describe('a slider', () => {
  useWidgetKernel();

  test('calls with the value at which it is let go', () => {
    const values: number[] = [];
    slider(sizes, value => values.push(value));
    const { min, max, value, continuous_update, _model_name } = find('time steps').state;
    const shown = [min, max, value, continuous_update, _model_name];
    assert.deepEqual(shown, [5, 50, 20, false, 'IntSliderModel']);
    move('time steps', 30);
    assert.deepEqual(values, [30]);
  });

  test('waits for a call; then the last value comes next', async () => {
    const values: number[] = [];
    let goOn = () => {};
    slider(sizes, async value => {
      values.push(value);
      await new Promise<void>(resolve => (goOn = resolve));
    });
    for (const value of [6, 7, 8]) move('time steps', value);
    assert.deepEqual(values, [6]);
    goOn();
    await turn();
    assert.deepEqual(values, [6, 8]);
  });

  test('shows an error as text, until a call succeeds', async () => {
    slider(sizes, value => {
      if (value === 6) throw new Error('not <6>');
    });
    move('time steps', 6);
    await turn();
    assert.equal(complaint(), 'not &lt;6&gt;');
    move('time steps', 7);
    await turn();
    assert.equal(complaint(), '');
  });

  test('refuses a value outside of its range', () => {
    assert.throws(
      () => slider({ ...sizes, value: 51 }, () => {}),
      /Expected a slider from min to max.*value 51/,
    );
  });
});
