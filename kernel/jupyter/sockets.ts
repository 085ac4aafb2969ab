/**
 * The five sockets between kernel and front end; the one for control is in a thread of its own. tslab 1.0.22 leaves ZeroMQ's defaults: of many outputs at once some
 * are refused ("socket is busy writing") or dropped (more than 1000 waiting); and it never reads from stdin.
 */
import { readFileSync } from 'node:fs';
import { Publisher, Reply, Router } from 'zeromq';
import { z } from 'zod';
import { ControlChannel } from '../control/control';
import { decodeMessage, encodeMessage, type Message } from './message';

const port = z.int().min(1).max(65535);

/** Jupyter's connection file. */
const connectionSchema = z.object({
  transport: z.string(),
  ip: z.string(),
  key: z.string(),
  shell_port: port,
  control_port: port,
  stdin_port: port,
  iopub_port: port,
  hb_port: port,
});

/** @param press the number of the press, for the stop button */
type Receive = (channel: Channel, message: Message, press?: number) => void;

export type Channel = 'shell' | 'control' | 'stdin';

// No limit to what waits (0), and a send never waits itself: so it is done when the call returns, in order, also in a
// cell that never leaves its loop. `linger`: milliseconds that the last messages have to get out at the end.
const unlimited = { sendHighWaterMark: 0, sendTimeout: 0, linger: 1000 };
// A front end that lost its connection may come back under its name.
const routing = { ...unlimited, handover: true };

export class Sockets {
  private readonly connection: z.output<typeof connectionSchema>;
  private readonly routers = {
    shell: new Router(routing),
    stdin: new Router(routing),
  };
  private readonly control = new ControlChannel();
  private readonly iopub = new Publisher(unlimited);
  private readonly heartbeat = new Reply(unlimited);

  constructor(connectionFile: string) {
    this.connection = connectionSchema.parse(JSON.parse(readFileSync(connectionFile, 'utf8')));
  }

  /** Open all sockets and hand over each message that comes in. */
  async open(receive: Receive, memory: SharedArrayBuffer): Promise<void> {
    const { transport, ip, ...ports } = this.connection;
    const address = (port: number) => `${transport}://${ip}:${port}`;
    await this.heartbeat.bind(address(ports.hb_port));
    await this.iopub.bind(address(ports.iopub_port));
    void this.echo();
    const take = (frames: Buffer[], press?: number) => this.take('control', frames, receive, press);
    const { key } = this.connection;
    await this.control.open({ address: address(ports.control_port), key, memory }, take);
    for (const channel of ['stdin', 'shell'] as const) {
      await this.routers[channel].bind(address(ports[`${channel}_port`]));
      void this.listen(channel, receive);
    }
  }

  reply(channel: Channel, message: Message): void {
    const frames = encodeMessage(message, this.connection.key);
    if (channel === 'control') this.control.send(frames);
    else void this.routers[channel].send(frames);
  }

  /** To all front ends. The type goes first, as the topic to subscribe to. */
  publish(message: Message): void {
    const topic = [Buffer.from(message.header.msg_type)];
    void this.iopub.send(encodeMessage({ ...message, identities: topic }, this.connection.key));
  }

  close(): Promise<void> {
    for (const socket of [...Object.values(this.routers), this.iopub, this.heartbeat]) socket.close();
    return this.control.close();
  }

  private async listen(channel: 'shell' | 'stdin', receive: Receive): Promise<void> {
    for await (const frames of this.routers[channel]) this.take(channel, frames, receive);
  }

  private take(channel: Channel, frames: Buffer[], receive: Receive, press?: number): void {
    try {
      receive(channel, decodeMessage(frames, this.connection.key), press);
    } catch (error) {
      console.error(`kernel, ${channel}:`, error);
    }
  }

  private async echo(): Promise<void> {
    for await (const frames of this.heartbeat) await this.heartbeat.send(frames);
  }
}
