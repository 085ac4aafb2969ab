/**
 * Comms: channels between a kernel and a page, over which ipywidgets work. tslab 1.0.22 knows none.
 * Source: jupyter-client.readthedocs.io, "Custom Messages".
 */
import { randomUUID } from 'node:crypto';
import type { Comm, CommMessage } from '../lib/display/kernel_api';
import { bindToCell } from './cell';
import type { Content, Message } from './jupyter/message';

type Listener = (message: CommMessage) => unknown;
type OpenListener = (comm: Comm, message: CommMessage) => unknown;
type Publish = (
  type: string,
  content: Content,
  extra?: { metadata?: Content; buffers?: Buffer[]; parent?: Message },
) => void;

export class Comms {
  private readonly open = new Map<string, OpenComm>();
  private readonly targets = new Map<string, OpenListener>();

  /** @param publish send to all front ends, on behalf of `parent` or else of the running cell */
  constructor(private readonly publish: Publish) {}

  openComm(target: string, data: Content, metadata: Content = {}, buffers: Buffer[] = []): Comm {
    const comm = this.add(randomUUID(), target);
    const content = { comm_id: comm.commId, target_name: target, data };
    this.publish('comm_open', content, { metadata, buffers });
    return comm;
  }

  onOpen(target: string, listener: OpenListener): void {
    this.targets.set(target, bindToCell(listener));
  }

  /** What is open, for a page that comes later. */
  list(target?: unknown): Record<string, { target_name: string }> {
    const wanted = [...this.open.values()].filter(comm => target === undefined || comm.target === target);
    return Object.fromEntries(wanted.map(comm => [comm.commId, { target_name: comm.target }]));
  }

  /** A comm_open, comm_msg or comm_close of the front end. */
  receive(request: Message): void {
    const { header, content, buffers } = request;
    const commId = String(content.comm_id);
    const reply = (data: Content, buffers?: Buffer[]) => {
      if (this.open.has(commId))
        this.publish('comm_msg', { comm_id: commId, data }, { buffers, parent: request });
    };
    const message = { data: (content.data ?? {}) as Content, buffers, reply };
    if (header.msg_type === 'comm_open') this.answerOpen(commId, String(content.target_name), message);
    if (header.msg_type === 'comm_msg')
      this.open.get(commId)?.listeners.message.forEach(call => call(message));
    if (header.msg_type === 'comm_close') {
      const comm = this.open.get(commId);
      this.open.delete(commId);
      comm?.listeners.close.forEach(call => call(message));
    }
  }

  private answerOpen(commId: string, target: string, message: CommMessage): void {
    const listener = this.targets.get(target);
    if (listener) listener(this.add(commId, target), message);
    else this.publish('comm_close', { comm_id: commId, data: {} });
  }

  private add(commId: string, target: string): OpenComm {
    const send = (type: string, data: Content, buffers?: Buffer[]) => {
      if (this.open.has(commId)) this.publish(type, { comm_id: commId, data }, { buffers });
    };
    const comm: OpenComm = {
      commId,
      target,
      listeners: { message: [], close: [] },
      send: (data, buffers) => send('comm_msg', data, buffers),
      close: (data = {}) => {
        send('comm_close', data);
        this.open.delete(commId);
      },
      onMessage: listener => void comm.listeners.message.push(bindToCell(listener)),
      onClose: listener => void comm.listeners.close.push(bindToCell(listener)),
    };
    this.open.set(commId, comm);
    return comm;
  }
}

interface OpenComm extends Comm {
  target: string;
  listeners: { message: Listener[]; close: Listener[] };
}
