import { tf } from '../../lib';

/**
 * A GraphModel that reads a shape and an axis among its weights: x → rows [.., 4] → y, what `reduce` makes of each row.
 * @param reduce TensorFlow's operation, such as Sum
 */
export function rowsModel(reduce: 'Sum' | 'Mean'): Promise<tf.GraphModel> {
  const [float, int] = [{ type: 'DT_FLOAT' }, { type: 'DT_INT32' }];
  const constant = (name: string, dtype: { type: string }) => ({ name, op: 'Const', attr: { dtype } });
  return tf.loadGraphModel(
    tf.io.fromMemory({
      modelTopology: {
        node: [
          { name: 'x', op: 'Placeholder', attr: { dtype: float } },
          constant('shape', int),
          constant('axis', int),
          { name: 'rows', op: 'Reshape', input: ['x', 'shape'], attr: { T: float, Tshape: int } },
          { name: 'y', op: reduce, input: ['rows', 'axis'], attr: { T: float, Tidx: int } },
        ],
        versions: {},
      },
      weightSpecs: [
        { name: 'shape', shape: [2], dtype: 'int32' },
        { name: 'axis', shape: [], dtype: 'int32' },
      ],
      weightData: new Int32Array([-1, 4, 1]).buffer,
    }),
  );
}
