/** The control channel, which has a thread of its own: see control_thread.ts. */
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { ControlData, ControlEvent } from './control_thread';

export class ControlChannel {
  private worker: Worker | undefined;

  /** Resolves when front ends can connect. */
  open(data: ControlData, receive: (frames: Buffer[], press?: number) => void): Promise<void> {
    const worker = new Worker(join(__dirname, 'thread.js'), { workerData: data });
    this.worker = worker;
    worker.unref();
    worker.on('error', error => console.error('kernel, control:', error));
    return new Promise(resolve =>
      worker.on('message', (message: ControlEvent | 'ready') => {
        if (message === 'ready') resolve();
        else
          receive(
            message.frames.map(frame => Buffer.from(frame)),
            message.press,
          );
      }),
    );
  }

  /** Resolves when the thread has ended: Node must not exit before. */
  close(): Promise<void> {
    const { worker } = this;
    if (!worker) return Promise.resolve();
    worker.postMessage('close');
    return new Promise(resolve => worker.once('exit', () => resolve()));
  }

  send(frames: Buffer[]): void {
    this.worker?.postMessage(frames);
  }
}
