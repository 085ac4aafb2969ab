/** What the page sends of what is drawn or opened there, as an image for the network. */
import { PNG } from 'pngjs';
import { z } from 'zod';
import { UserError } from '../../base/errors';
import { inkOf } from '../../data/pictures/ink';
import { prepare, type Picture } from '../../data/pictures/prepare';
import type { InspectedImage } from '../../inspect/image';

/** Side of the pad in pixels, and the most that a picture may have. */
export const padSide = 280;

const messageSchema = z.object({
  /** Counts up, so that the page knows the answer to its last message. */
  number: z.number().int().nonnegative(),
  /** Of a drawing the ink is what is opaque. */
  kind: z.enum(['drawing', 'picture']),
  /** A PNG file; empty when there is nothing. */
  png: z
    .string()
    .max(600_000) // an incompressible picture of that size
    .regex(/^[A-Za-z0-9+/]*={0,2}$/),
});

export type DrawingMessage = z.infer<typeof messageSchema>;

/** @throws UserError for what the pad does not send */
export function parseDrawing(text: string): DrawingMessage {
  const found = messageSchema.safeParse(jsonIn(text));
  if (!found.success) throw new UserError('Expected a drawing from the page, found another message');
  return found.data;
}

/**
 * As the network sees it; undefined where nothing is drawn.
 * @throws UserError for what is no PNG, or a large one
 */
export function imageOf(
  { kind, png }: DrawingMessage,
  { rows, columns }: Pick<InspectedImage, 'rows' | 'columns'>,
): InspectedImage | undefined {
  if (png === '') return undefined;
  const picture = decode(Buffer.from(png, 'base64'));
  const pixels = prepare(kind === 'picture' ? inkOf(picture) : opaque(picture), { rows, columns });
  return pixels && { pixels, rows, columns };
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The size is in the first chunk: what would become large is not decoded. */
function decode(bytes: Buffer): PNG {
  const [width, height] = bytes.length < 24 ? [0, 0] : [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  if (width < 1 || height < 1 || width > padSide || height > padSide) {
    throw new UserError(
      `Expected a PNG of at most ${padSide} × ${padSide} pixels from the page, found ${width} × ${height}`,
    );
  }
  try {
    return PNG.sync.read(bytes);
  } catch (error) {
    throw new UserError(`Expected a PNG from the page, found something else (${(error as Error).message})`);
  }
}

function opaque({ data, width, height }: PNG): Picture {
  return { pixels: Uint8Array.from({ length: width * height }, (_, i) => data[4 * i + 3]), width, height };
}
