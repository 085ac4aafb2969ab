/**
 * From a drawing to an image such as the network was trained on. MNIST's digits were made so (Y. LeCun, C. Cortes and
 * C. Burges, "The MNIST database of handwritten digits", yann.lecun.com/exdb/mnist): scaled to fit a box of 20 × 20
 * pixels with their aspect kept, grey at the edges from anti-aliasing, then placed in 28 × 28 pixels with the centre of
 * mass in the middle.
 */

/** A grey picture: 0 is paper, 255 is ink. */
export interface Picture {
  /** height · width bytes, row after row */
  readonly pixels: ArrayLike<number>;
  readonly width: number;
  readonly height: number;
}

/** In pixels. */
interface Size {
  readonly rows: number;
  readonly columns: number;
}

interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Less ink than that is none: what is left of a soft edge. */
const leastInk = 26;
/** MNIST's box, in parts of the image's height and width. */
const boxShare = 20 / 28;

/**
 * The drawing as an image of this size, 0..255; undefined where there is no ink. Images of other sizes than MNIST's
 * have a box of the same proportion.
 */
export function prepare(drawing: Picture, { rows, columns }: Size): Uint8Array | undefined {
  const box = boxOfInk(drawing);
  if (!box) return undefined;
  const side = Math.max(1, Math.round(boxShare * Math.min(rows, columns)));
  const small = shrink(drawing, box, side / Math.max(box.width, box.height));
  const top = shiftOf(massCentre(small, 'down'), rows, small.height);
  const left = shiftOf(massCentre(small, 'across'), columns, small.width);
  const image = new Uint8Array(rows * columns);
  for (let y = 0; y < small.height; y++) {
    for (let x = 0; x < small.width; x++) {
      image[(top + y) * columns + left + x] = Math.round(small.pixels[y * small.width + x]);
    }
  }
  return image;
}

function boxOfInk({ pixels, width, height }: Picture): Box | undefined {
  let [left, right, top, bottom] = [width, -1, height, -1];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (pixels[y * width + x] < leastInk) continue;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = y;
    }
  }
  return right < 0 ? undefined : { left, top, width: right - left + 1, height: bottom - top + 1 };
}

/** Each pixel is the mean of the area that it covers. First across, then down. */
function shrink({ pixels, width, height }: Picture, box: Box, scale: number): Picture {
  const across = weightsOf(box.left, box.width, scale, width);
  const down = weightsOf(box.top, box.height, scale, height);
  const narrow = new Float32Array(height * across.length);
  for (let y = 0; y < height; y++) {
    across.forEach((covered, x) => {
      let sum = 0;
      for (const { place, share } of covered) sum += share * pixels[y * width + place];
      narrow[y * across.length + x] = sum;
    });
  }
  const small = new Float32Array(down.length * across.length);
  down.forEach((covered, y) => {
    for (const { place, share } of covered) {
      for (let x = 0; x < across.length; x++) {
        small[y * across.length + x] += share * narrow[place * across.length + x];
      }
    }
  });
  return { pixels: small, width: across.length, height: down.length };
}

/** Along one side, for each pixel of the small picture: which of the large one it covers, and with which share. */
function weightsOf(start: number, length: number, scale: number, limit: number) {
  const count = Math.max(1, Math.ceil(length * scale - 1e-6));
  const step = 1 / scale;
  return Array.from({ length: count }, (_, i) => {
    const [from, to] = [start + i * step, start + (i + 1) * step];
    const covered: { place: number; share: number }[] = [];
    for (let place = Math.floor(from); place < Math.min(to, limit); place++) {
      const overlap = Math.min(to, place + 1) - Math.max(from, place);
      if (overlap > 0) covered.push({ place, share: overlap / step });
    }
    return covered;
  });
}

/** Along one side, by the numbers of the pixels. */
function massCentre({ pixels, width, height }: Picture, direction: 'across' | 'down'): number {
  let [mass, moment] = [0, 0];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      mass += pixels[y * width + x];
      moment += pixels[y * width + x] * (direction === 'across' ? x : y);
    }
  }
  return moment / mass;
}

/**
 * By whole pixels, so that the centre of mass comes to the middle; MNIST's all lie between pixels 13.5 and 14.5. What
 * is very uneven stays within the image.
 */
function shiftOf(centre: number, length: number, inner: number): number {
  const shift = Math.floor(length / 2) - Math.round(centre);
  return Math.max(0, Math.min(length - inner, shift));
}
