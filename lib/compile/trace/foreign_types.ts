/**
 * Types that tfjs takes for int32, though TensorFlow does not: the bytes of a decoded image, integers of 64 bits. An
 * operation run by itself forgives that; in a graph each of them is converted first.
 */
import type { Attribute, Binding } from '../../tfjs/node_backend';

export const isForeign = (dtype: number, binding: Binding) =>
  dtype === binding.TF_UINT8 || dtype === binding.TF_INT64;

/** Of the operation Cast that makes int32 of it. */
export const castAttributes = (dtype: number, binding: Binding): Attribute[] => [
  { name: 'SrcT', type: binding.TF_ATTR_TYPE, value: dtype },
  { name: 'DstT', type: binding.TF_ATTR_TYPE, value: binding.TF_INT32 },
  { name: 'Truncate', type: binding.TF_ATTR_BOOL, value: false },
];
