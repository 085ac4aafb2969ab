/** A kernel that only notes the widgets it is sent, so that it takes no time. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach } from 'node:test';
import { setCurrentKernel, type Comm, type CommMessage, type KernelApi } from '../../lib/display/kernel_api';

interface FakeWidget {
  state: Record<string, unknown>;
  hear(data: object): void;
}

/** Those that the test has made so far. */
export const widgets: FakeWidget[] = [];
const not = () => {
  throw new Error('Expected a test that does not need this');
};

function openComm(_target: string, data: Record<string, unknown>): Comm {
  const listeners: ((message: CommMessage) => void)[] = [];
  const widget: FakeWidget = {
    state: { ...(data.state as object) },
    hear: heard => listeners.forEach(listen => listen({ data: { ...heard }, buffers: [], reply: not })),
  };
  widgets.push(widget);
  return {
    commId: String(widgets.length - 1),
    send: ({ state }) => void Object.assign(widget.state, state),
    close: not,
    onMessage: listener => void listeners.push(listener),
    onClose: not,
  };
}

const kernel: KernelApi = {
  ...{ openComm, display: () => {}, clearOutput: not, onCommOpen: not, input: not, interrupted: () => false },
};

/** The tests of the group at hand each find this kernel, without widgets. */
export function useWidgetKernel(): void {
  beforeEach(() => {
    widgets.length = 0;
    setCurrentKernel(kernel);
  });
  afterEach(() => setCurrentKernel(undefined));
}

/** By what stands beside it, or its hint. */
export const find = (name: string) => {
  const found = widgets.find(({ state }) => [state.description, state.tooltip].includes(name));
  assert.ok(found, name);
  return found;
};
/** As the user does it. */
export const move = (name: string, value: number) => find(name).hear({ method: 'update', state: { value } });
export const click = (name: string) => find(name).hear({ method: 'custom', content: { event: 'click' } });
