/**
 * Sliders and buttons in a notebook: the page's half is ipywidgets', which JupyterLab, Notebook and VS Code have; this
 * is the kernel's half, in place of the Python package.
 * Source: ipywidgets' "Widget messaging protocol" 2.1, and its list of models and their states (version 8).
 */
import type { Comm, DisplayOptions, KernelApi, MimeBundle } from './kernel_api';

type WidgetState = Readonly<Record<string, unknown>>;

const controls = { module: '@jupyter-widgets/controls', version: '2.0.0' };
const base = { module: '@jupyter-widgets/base', version: '2.0.0' };

/** One widget: its state is kept here and in the page, and each tells the other what changes. */
export class Widget {
  private readonly comm: Comm;
  private state: Record<string, unknown>;

  /**
   * @param model such as 'FloatSlider'
   * @param state as ipywidgets documents it for that model; other widgets by their `reference`
   */
  constructor(kernel: KernelApi, model: string, state: WidgetState = {}) {
    const { module, version } = model === 'Layout' ? base : controls;
    this.state = {
      _model_name: `${model}Model`,
      _model_module: module,
      _model_module_version: version,
      _view_name: model.endsWith('Style') ? 'StyleView' : `${model.replace('Bounded', '')}View`,
      _view_module: model.endsWith('Style') ? base.module : module,
      _view_module_version: version,
      ...state,
    };
    const data = { state: this.state, buffer_paths: [] };
    this.comm = kernel.openComm('jupyter.widget', data, { version: '2.1.0' });
    // Asked by a page that was reloaded, or opened on a saved notebook. It asks each widget by itself once it has
    // found that nobody answers for all of them together (comm target jupyter.widget.control).
    this.comm.onMessage(({ data, reply }) => {
      if (data.method === 'request_state') reply({ method: 'update', state: this.state, buffer_paths: [] });
    });
  }

  /** How other widgets name this one. */
  get reference(): string {
    return `IPY_MODEL_${this.comm.commId}`;
  }

  get modelId(): string {
    return this.comm.commId;
  }

  get(name: string): unknown {
    return this.state[name];
  }

  /** Change it in the page; what is the same already is not sent. */
  set(changes: WidgetState): void {
    const news = Object.entries(changes).filter(([name, value]) => this.state[name] !== value);
    if (news.length > 0) this.send(Object.fromEntries(news));
  }

  /**
   * Call the listener with the new value when the user changes it.
   * @param name of what changes: a list tells which of its entries was chosen by its `index`
   */
  onValue(listener: (value: unknown) => void, name = 'value'): void {
    this.comm.onMessage(({ data }) => {
      const value = ((data.state ?? {}) as Record<string, unknown>)[name];
      if (data.method !== 'update' || value === undefined) return;
      Object.assign(this.state, data.state);
      listener(value);
    });
  }

  onClick(listener: () => void): void {
    this.comm.onMessage(({ data }) => {
      const { event } = (data.content ?? {}) as { event?: string };
      if (data.method === 'custom' && event === 'click') listener();
    });
  }

  private send(state: WidgetState): void {
    Object.assign(this.state, state);
    this.comm.send({ method: 'update', state, buffer_paths: [] });
  }
}

/**
 * Show a widget in the running cell.
 * @param otherwise what a front end without widgets shows: plain text, or a bundle that holds other forms as well
 */
export function showWidget(
  kernel: KernelApi,
  widget: Widget,
  otherwise: string | MimeBundle,
  options?: DisplayOptions,
): void {
  const view = { version_major: 2, version_minor: 0, model_id: widget.modelId };
  const others = typeof otherwise === 'string' ? { 'text/plain': otherwise } : otherwise;
  kernel.display({ ...others, 'application/vnd.jupyter.widget-view+json': view }, options);
}
