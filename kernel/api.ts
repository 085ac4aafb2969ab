/** What library code can ask of the kernel (lib/display/kernel_api.ts), and tslab's own `display`. */
import type { KernelApi } from '../lib/display/kernel_api';
import { currentCell } from './cell';
import type { Comms } from './comms';
import { display } from './compiler/tslab';
import type { Input } from './input';
import type { Content } from './jupyter/message';

type Publish = (type: string, content: Content) => void;

/** @param publish send to all front ends, on behalf of the running cell */
export function createApi(publish: Publish, comms: Comms, input: Input): KernelApi {
  return {
    display(data, { displayId, update = false, metadata = {}, value } = {}) {
      if (value) currentCell()?.shown.add(value);
      const transient = displayId === undefined ? {} : { display_id: displayId };
      publish(update ? 'update_display_data' : 'display_data', { data, metadata, transient });
    },
    clearOutput: (wait = false) => publish('clear_output', { wait }),
    openComm: (target, data, metadata, buffers) => comms.openComm(target, data, metadata, buffers),
    onCommOpen: (target, listener) => comms.onOpen(target, listener),
    interrupted: () => currentCell()?.stoppedAt !== undefined,
    input: (prompt, { password } = {}) => input.ask(prompt, password),
  };
}

/** tslab keeps the function for its `display` in a variable that it sets with each cell; ours serves all cells. */
export function connectTslabDisplay(publish: Publish): void {
  display.lastWriteDisplayData = (data, update) =>
    publish(update ? 'update_display_data' : 'display_data', { ...data });
}
