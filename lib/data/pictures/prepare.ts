/**
 * From a drawing to an image such as the network was trained on, by the steps that made MNIST's digits of black-and-white
 * ones: scaled to fit a box of 20 × 20 pixels with their aspect kept, grey at the edges from anti-aliasing, then placed in
 * 28 × 28 pixels with the centre of mass in the middle (Y. LeCun, C. Cortes and C. Burges, "The MNIST database of
 * handwritten digits", yann.lecun.com/exdb/mnist). Four details are known from the work that found the steps again and
 * comes within 3 of 255 grey levels of MNIST (C. Yadav and L. Bottou, "Cold Case: The Lost MNIST Digits", 2019): the
 * shorter side is in the middle of the box, a grey level is the fraction of the pixel's area with ink, the brightest pixel
 * is made white, so that thin strokes are not faint, and the centre of mass comes to the middle by whole pixels.
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

/** May begin and end within a pixel. */
interface Square {
  readonly left: number;
  readonly top: number;
  readonly side: number;
}

/** Less ink than that is none: what is left of a soft edge. */
const leastInk = 26;
/** Of MNIST's box in the image, in each direction. */
const boxFraction = 20 / 28;

/** Side of the box that ink is fitted into, in pixels: 20 for MNIST's 28 × 28, and in that proportion for other sizes. */
export function boxSide({ rows, columns }: Size): number {
  return Math.max(1, Math.round(boxFraction * Math.min(rows, columns)));
}

/**
 * The drawing as an image of this size, 0..255; undefined where there is no ink.
 */
export function prepare(drawing: Picture, { rows, columns }: Size): Uint8Array | undefined {
  const box = boxOfInk(drawing);
  if (!box) return undefined;
  const side = boxSide({ rows, columns });
  const small = shrink(drawing, squareAround(box), side);
  const top = shiftOf(massCentre(small, 'down'), rows, side);
  const left = shiftOf(massCentre(small, 'across'), columns, side);
  const brightest = Array.from(small.pixels).reduce((a, b) => Math.max(a, b));
  const image = new Uint8Array(rows * columns);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      image[(top + y) * columns + left + x] = Math.round((255 / brightest) * small.pixels[y * side + x]);
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

/** With the box in its middle; it may reach beyond the drawing. */
function squareAround({ left, top, width, height }: Box): Square {
  const side = Math.max(width, height);
  return { left: left - (side - width) / 2, top: top - (side - height) / 2, side };
}

/** The square as a picture of so many pixels, each the mean of the area that it covers. First across, then down. */
function shrink({ pixels, width, height }: Picture, square: Square, side: number): Picture {
  const across = weightsOf(square.left, square.side, side, width);
  const down = weightsOf(square.top, square.side, side, height);
  const narrow = new Float32Array(height * side);
  for (let y = 0; y < height; y++) {
    across.forEach((covered, x) => {
      let sum = 0;
      for (const { place, fraction } of covered) sum += fraction * pixels[y * width + place];
      narrow[y * side + x] = sum;
    });
  }
  const small = new Float32Array(side * side);
  down.forEach((covered, y) => {
    for (const { place, fraction } of covered) {
      for (let x = 0; x < side; x++) small[y * side + x] += fraction * narrow[place * side + x];
    }
  });
  return { pixels: small, width: side, height: side };
}

/** Along one side, for each pixel of the small picture: which of the large one it covers, and with what fraction. */
function weightsOf(start: number, length: number, count: number, limit: number) {
  const step = length / count;
  return Array.from({ length: count }, (_, i) => {
    const [from, to] = [start + i * step, start + (i + 1) * step];
    const covered: { place: number; fraction: number }[] = [];
    for (let place = Math.max(0, Math.floor(from)); place < Math.min(to, limit); place++) {
      const overlap = Math.min(to, place + 1) - Math.max(from, place);
      if (overlap > 0) covered.push({ place, fraction: overlap / step });
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
