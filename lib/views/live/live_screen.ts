import { randomUUID } from 'node:crypto';
import type { Figure } from '../../charts';
import type { KernelApi } from '../../display/kernel_api';
import { show } from '../../display/show';
import { showWidget, Widget } from '../../display/widgets';

/** One output of a cell that is drawn again and again, and at last gives its place to a chart. */
export interface LiveScreen {
  draw(html: string, text: string): void;
  end(figure: Figure, html: string): Promise<void>;
}

/** An output that any viewer shows. In a page that is reloaded it stands still, for nothing tells that page of it. */
export function outputScreen(kernel: KernelApi): LiveScreen {
  const displayId = randomUUID();
  let update = false;
  return {
    draw(html, text) {
      kernel.display({ 'text/html': html, 'text/plain': text }, { displayId, update });
      update = true;
    },
    end: figure => show(figure, { displayId, update: true }),
  };
}

/**
 * A widget, which a page asks the kernel for when it is reloaded: it goes on there. A viewer without widgets shows the
 * first drawing until the end.
 */
export function widgetScreen(kernel: KernelApi): LiveScreen {
  const displayId = randomUUID();
  let widget: Widget | undefined;
  return {
    draw(html, text) {
      if (widget) return widget.set({ value: html });
      widget = new Widget(kernel, 'HTML', { value: html });
      showWidget(kernel, widget, { 'text/html': html, 'text/plain': text }, { displayId });
    },
    async end(figure, html) {
      widget?.set({ value: html }); // for a page that was reloaded: there it stays
      await show(figure, { displayId, update: true });
    },
  };
}
