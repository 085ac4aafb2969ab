/**
 * The thread that has the control channel, so that the stop and shutdown buttons work while the main thread is busy. It
 * answers what must be answered at once, and hands every message on.
 */
import { parentPort } from 'node:worker_threads';
import { Router } from 'zeromq';
import { createMessage, decodeMessage, encodeMessage, type Message } from '../jupyter/message';
import { endWithParent } from '../lifetime';
import { createFlags, flags } from './flags';

export interface ControlData {
  address: string;
  /** Signs messages. */
  key: string;
  memory: SharedArrayBuffer;
}

/** What the main thread gets: the frames of a message, and the number of the press if it is one. */
export interface ControlEvent {
  frames: Uint8Array[];
  press?: number;
}

/** Milliseconds until a press that nothing answers breaks off the project's modules, too. */
const urgentAfter = 1000;
/** The same for the rest: packages, and the language itself. */
const signalAfter = 2000;
/** Milliseconds that the main thread has to shut down by itself. */
const shutdownAfter = 1000;

export async function listen({ address, key, memory }: ControlData): Promise<void> {
  const state = createFlags(memory);
  const socket = new Router({ sendHighWaterMark: 0, sendTimeout: 0, linger: 1000, handover: true });
  parentPort?.on('message', (message: Uint8Array[] | 'close') => {
    if (message !== 'close') return void socket.send(message.map(frame => Buffer.from(frame)));
    socket.close();
    process.exit(); // this thread
  });
  endWithParent();
  const reply = (request: Message, content: Record<string, unknown>) => {
    const type = request.header.msg_type.replace('_request', '_reply');
    void socket.send(encodeMessage(createMessage(type, content, request), key));
  };
  await socket.bind(address);
  parentPort?.postMessage('ready');
  for await (const frames of socket) {
    const event: ControlEvent = { frames };
    try {
      const request = decodeMessage(frames, key);
      const type = request.header.msg_type;
      if (type === 'interrupt_request') {
        event.press = press(state);
        reply(request, { status: 'ok' });
      } else if (type === 'shutdown_request') {
        reply(request, { status: 'ok', restart: request.content.restart === true });
        setTimeout(() => process.kill(process.pid, 'SIGKILL'), shutdownAfter);
      }
    } catch {
      // Not a message of ours: the main thread says what is wrong with it.
    }
    parentPort?.postMessage(event);
  }
}

/** @returns its number */
function press(state: Int32Array): number {
  const number = Atomics.add(state, flags.presses, 1) + 1;
  const isFirst = number - Atomics.load(state, flags.handled) === 1;
  // The library that wants to stop gracefully may take its time until it hears of it.
  if (isFirst && Atomics.load(state, flags.polite)) return number;
  Atomics.store(state, flags.polite, 0);
  Atomics.store(state, flags.stopped, 1);
  const unlessHandled = (act: () => void) => () => {
    if (Atomics.load(state, flags.handled) < number) act();
  };
  setTimeout(
    unlessHandled(() => Atomics.store(state, flags.urgent, 1)),
    urgentAfter,
  );
  setTimeout(
    unlessHandled(() => {
      Atomics.store(state, flags.signalled, 1);
      process.kill(process.pid, 'SIGINT'); // see breakable.ts
    }),
    signalAfter,
  );
  return number;
}
