import { randomUniform } from '../../tfjs/random_uniform';
import { tf } from '../../tfjs/tensorflow';

/** The most that may happen to an image: see the settings of the kind `affine`. */
export interface AffineAmounts {
  /** Pixels; whole ones without `subpixel`. */
  readonly shift: number;
  readonly subpixel: boolean;
  /** Degrees. */
  readonly rotation: number;
  /** A fraction. */
  readonly scaling: number;
  /** Degrees. */
  readonly shear: number;
}

const radians = Math.PI / 180;

/**
 * Where each pixel of a new image is taken from in the old one: x' = a·x + b·y + c, y' = d·x + e·y + f, with x across
 * and y down from the upper left pixel. The inverse of: stretch, slant, turn, each about the middle, then shift.
 * @param shape batch, rows, columns
 * @param seed int32 [2]
 * @returns a list of a, b, c, d, e, f; [batch, 1] each
 */
export function randomAffine(
  [batch, rows, columns]: readonly [number, number, number],
  seed: tf.Tensor1D,
  { shift, subpixel, rotation, scaling, shear }: AffineAmounts,
): tf.Tensor2D[] {
  return tf.tidy(() => {
    const drawn = tf.split<tf.Tensor2D>(randomUniform([batch, 6], seed), 6, 1);
    const [across, down, turned, slanted, wider, higher] = drawn;
    const within = (most: number, u: tf.Tensor2D): tf.Tensor2D => tf.sub(tf.mul(2 * most, u), most);
    const shiftBy = (u: tf.Tensor2D): tf.Tensor2D =>
      subpixel ? within(shift, u) : tf.sub(tf.floor(tf.mul(2 * shift + 1, u)), shift);
    if (rotation === 0 && scaling === 0 && shear === 0) {
      const [one, none] = [tf.onesLike(across), tf.zerosLike(across)];
      return [one, none, tf.neg(shiftBy(across)), none, one, tf.neg(shiftBy(down))];
    }
    const angle = within(rotation * radians, turned);
    const slant = tf.tan(within(shear * radians, slanted));
    const [cos, sin] = [tf.cos(angle), tf.sin(angle)];
    const [narrow, low] = [wider, higher].map(u => tf.div<tf.Tensor2D>(1, tf.add(1, within(scaling, u))));
    // stretch⁻¹ · slant⁻¹ · turn⁻¹
    const a = tf.mul<tf.Tensor2D>(narrow, tf.add(cos, tf.mul(slant, sin)));
    const b = tf.mul<tf.Tensor2D>(narrow, tf.sub(sin, tf.mul(slant, cos)));
    const d = tf.neg(tf.mul<tf.Tensor2D>(low, sin));
    const e = tf.mul<tf.Tensor2D>(low, cos);
    // The middle, shifted, comes from the middle.
    const [middleX, middleY] = [(columns - 1) / 2, (rows - 1) / 2];
    const [x, y] = [tf.add(middleX, shiftBy(across)), tf.add(middleY, shiftBy(down))];
    const from = (middle: number, byX: tf.Tensor2D, byY: tf.Tensor2D): tf.Tensor2D =>
      tf.sub(middle, tf.add(tf.mul(byX, x), tf.mul(byY, y)));
    return [a, b, from(middleX, a, b), d, e, from(middleY, d, e)];
  });
}
