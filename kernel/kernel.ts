/**
 * The conversation with a front end: each request gets its reply, between "busy" and "idle".
 * Source: jupyter-client.readthedocs.io, "Messaging in Jupyter".
 *
 * This stands in the place of tslab 1.0.22's server, which leaves requests unanswered (comm_*, history, interrupt) or
 * answers them with the wrong type (comm_info), and lives on after a shutdown as long as a timer of a cell does.
 */
import ts from 'typescript';
import { setCurrentKernel } from '../lib/display/kernel_api';
import { connectTslabDisplay, createApi } from './api';
import { currentCell } from './cell';
import { Comms } from './comms';
import { getVersion } from './compiler/tslab';
import { answerComplete, answerInspect, answerIsComplete } from './editor';
import { Executions } from './executions';
import { Input } from './input';
import { createMessage, protocolVersion, type Content, type Message } from './jupyter/message';
import { Sockets, type Channel } from './jupyter/sockets';
import { Streams } from './jupyter/streams';
import { Runner } from './runner';
import { pressStop, stopFlags } from './stopping';

/** Milliseconds from the first answer to loading the compiler's libraries: an idle kernel shows at once. */
const warmUpDelay = 50;

/** `parent`: what the message answers, where that is not the running cell. */
type Extra = { metadata?: Content; buffers?: Buffer[]; parent?: Message };

export class Kernel {
  private readonly sockets: Sockets;
  private readonly streams: Streams;
  private readonly comms: Comms;
  private readonly input: Input;
  private readonly executions: Executions;
  private createdRunner: Runner | undefined;

  /** @param folder the notebook's */
  constructor(
    connectionFile: string,
    private readonly folder: string,
  ) {
    this.sockets = new Sockets(connectionFile);
    this.streams = new Streams((name, text, cell) =>
      this.sockets.publish(createMessage('stream', { name, text }, cell.request)),
    );
    this.input = new Input(question => {
      this.streams.flush();
      this.sockets.reply('stdin', question);
    });
    const publish = (type: string, content: Content, extra?: Extra) =>
      this.publish(type, content, extra?.parent ?? currentCell()?.request, extra);
    this.comms = new Comms(publish);
    this.executions = new Executions(
      {
        publish: (type, content, request) => this.publish(type, content, request),
        reply: (content, request) => this.reply('shell', content, request),
      },
      {
        execute: (code, cell) => this.runner().execute(code, cell),
        evaluate: (expression, cell) => this.runner().evaluate(expression, cell),
      },
    );
    setCurrentKernel(createApi(publish, this.comms, this.input));
    connectTslabDisplay(publish);
  }

  async start(): Promise<void> {
    this.streams.install();
    const receive = (channel: Channel, message: Message, press?: number) =>
      this.receive(channel, message, press);
    await this.sockets.open(receive, stopFlags.buffer as SharedArrayBuffer);
  }

  /** Made when first needed: it takes a second. */
  private runner(): Runner {
    return (this.createdRunner ??= new Runner(this.folder));
  }

  private receive(channel: Channel, request: Message, press?: number): void {
    const type = request.header.msg_type;
    if (type === 'execute_request') return this.executions.add(request);
    if (type === 'input_reply') return this.input.receive(request);
    this.publish('status', { execution_state: 'busy' }, request);
    try {
      if (type === 'interrupt_request') pressStop(press);
      const content = this.answer(channel, request);
      if (content) this.reply(channel, content, request);
    } finally {
      this.publish('status', { execution_state: 'idle' }, request);
      // The cell that runs meanwhile is not finished; front ends show the state heard of last.
      const { running } = this.executions;
      if (running) this.publish('status', { execution_state: 'busy' }, running);
    }
    if (type === 'shutdown_request') void this.shutDown();
  }

  /** The reply's content; nothing for messages that get none. */
  private answer(channel: Channel, request: Message): Content | undefined {
    const { header, content } = request;
    switch (header.msg_type) {
      case 'kernel_info_request':
        setTimeout(() => this.runner(), warmUpDelay);
        return kernelInfo;
      case 'complete_request':
        return answerComplete(this.runner(), content);
      case 'inspect_request':
        return answerInspect(this.runner(), content);
      case 'is_complete_request':
        return answerIsComplete(content);
      case 'history_request':
        return this.executions.history.answer(content);
      case 'comm_info_request':
        return { status: 'ok', comms: this.comms.list(content.target_name) };
      case 'comm_open':
      case 'comm_msg':
      case 'comm_close':
        this.comms.receive(request);
        return undefined;
      case 'interrupt_request':
      case 'shutdown_request':
        // The control thread has answered already; some front ends use the other channel.
        return channel === 'control' ? undefined : { status: 'ok', restart: content.restart === true };
      default:
        return undefined; // of a later protocol
    }
  }

  private publish(
    type: string,
    content: Content,
    parent?: Message,
    extra?: { metadata?: Content; buffers?: Buffer[] },
  ): void {
    this.streams.flush();
    this.sockets.publish(createMessage(type, content, parent, extra));
  }

  private reply(channel: Channel, content: Content, request: Message): void {
    this.streams.flush();
    const type = request.header.msg_type.replace('_request', '_reply');
    this.sockets.reply(channel, createMessage(type, content, request));
  }

  private async shutDown(): Promise<void> {
    this.streams.flush();
    await this.sockets.close();
    process.exit(0); // whatever cells have left running
  }
}

const kernelInfo: Content = {
  status: 'ok',
  protocol_version: protocolVersion,
  implementation: 'tslab',
  implementation_version: getVersion(),
  language_info: {
    name: 'typescript',
    version: ts.version,
    mimetype: 'text/typescript',
    file_extension: '.ts',
    // The one mode that all front ends know.
    codemirror_mode: { name: 'javascript', mode: 'typescript', typescript: true },
  },
  banner: `TypeScript ${ts.version} on Node ${process.versions.node}, by tslab ${getVersion()}`,
  help_links: [],
};
