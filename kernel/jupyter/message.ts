/**
 * Jupyter's messages on the wire: identities, a delimiter, a signature, four parts of JSON, then binary buffers.
 * Source: jupyter-client.readthedocs.io, "The Wire Protocol". tslab 1.0.22 writes buffers as JSON, which no front end
 * can read, and answers in the name of the front end's session.
 */
import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';

/** A reply repeats it as its parent's, with whatever else a front end has put into it. */
const headerSchema = z.looseObject({ msg_id: z.string(), msg_type: z.string(), session: z.string() });
const contentSchema = z.record(z.string(), z.unknown());

export type Header = z.output<typeof headerSchema>;
export type Content = z.output<typeof contentSchema>;

export interface Message {
  /** Whom a reply goes to. */
  identities: Buffer[];
  header: Header;
  parentHeader: Partial<Header>;
  metadata: Content;
  content: Content;
  buffers: Buffer[];
}

export const protocolVersion = '5.3';

const delimiter = Buffer.from('<IDS|MSG>');
const session = randomUUID();

/** A new message of this kernel; `parent` is the message that caused it. */
export function createMessage(
  type: string,
  content: Content,
  parent?: Message,
  extra: { metadata?: Content; buffers?: Buffer[] } = {},
): Message {
  return {
    identities: parent?.identities ?? [],
    header: {
      msg_id: randomUUID(),
      msg_type: type,
      session,
      username: 'kernel',
      date: new Date().toISOString(),
      version: protocolVersion,
    },
    parentHeader: parent?.header ?? {},
    metadata: extra.metadata ?? {},
    content,
    buffers: extra.buffers ?? [],
  };
}

export function encodeMessage(message: Message, key: string): Buffer[] {
  const parts = [message.header, message.parentHeader, message.metadata, message.content].map(part =>
    Buffer.from(JSON.stringify(part)),
  );
  return [...message.identities, delimiter, Buffer.from(sign(parts, key)), ...parts, ...message.buffers];
}

/** @throws Error when it is not a message, or not signed with our key */
export function decodeMessage(frames: readonly Buffer[], key: string): Message {
  const start = frames.findIndex(frame => frame.equals(delimiter));
  const [signature, ...parts] = frames.slice(start + 1);
  if (start < 0 || parts.length < 4)
    throw new Error('Expected a Jupyter message, found one with parts missing');
  const wanted = Buffer.from(sign(parts.slice(0, 4), key));
  if (wanted.length !== signature.length || !timingSafeEqual(wanted, signature)) {
    throw new Error(
      'Expected a Jupyter message with the key of the connection file, found another signature',
    );
  }
  const [header, parentHeader, metadata, content] = parts
    .slice(0, 4)
    .map(part => JSON.parse(part.toString()) as unknown);
  return {
    identities: frames.slice(0, start),
    header: headerSchema.parse(header),
    parentHeader: headerSchema.partial().parse(parentHeader),
    metadata: contentSchema.parse(metadata),
    content: contentSchema.parse(content),
    buffers: parts.slice(4),
  };
}

/** No key means no signature. */
function sign(parts: readonly Buffer[], key: string): string {
  if (key === '') return '';
  const hmac = createHmac('sha256', key);
  for (const part of parts) hmac.update(part);
  return hmac.digest('hex');
}
