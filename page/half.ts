/** Numbers of 16 bits: IEEE 754's binary16, with 11 bits of precision. JavaScript has no arrays of them everywhere. */

/** The nearest; of two as near the even one. Beyond 65,504 infinite. */
export function toHalf(values: Float32Array): Uint16Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  return Uint16Array.from(bits, each => {
    const sign = (each >>> 16) & 0x8000;
    const size = each & 0x7fffffff;
    if (size > 0x7f800000) return sign | 0x7e00; // not a number
    if (size >= 0x477ff000) return sign | 0x7c00;
    if (size >= 0x38800000) return sign | round(size - 0x38000000, 13); // the exponent's bias falls from 127 to 15
    if (size < 0x33000000) return sign; // less than half of the smallest
    const shift = 126 - (size >>> 23);
    return sign | round((size & 0x7fffff) | 0x800000, shift);
  });
}

/** `value` without its last bits. A carry goes on into the exponent, which is right. */
function round(value: number, bits: number): number {
  const kept = value >>> bits;
  const rest = value & ((1 << bits) - 1);
  const half = 1 << (bits - 1);
  return rest > half || (rest === half && (kept & 1) === 1) ? kept + 1 : kept;
}

export function fromHalf(halves: Uint16Array): Float32Array {
  return Float32Array.from(halves, half => {
    const sign = half & 0x8000 ? -1 : 1;
    const exponent = (half >>> 10) & 0x1f;
    const fraction = half & 0x3ff;
    if (exponent === 0) return sign * fraction * 2 ** -24;
    if (exponent === 31) return fraction ? NaN : sign * Infinity;
    return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
  });
}
