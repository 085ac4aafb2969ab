import { nodeBackend } from '../../tfjs/node_backend';
import { tf } from '../../tfjs/tensorflow';

/**
 * TensorFlow's ImageProjectiveTransformV3 with bilinear interpolation and zero outside. tfjs has it as tf.image.transform,
 * which tfjs-node lacks.
 * @param images [batch, rows, columns]
 * @param affine a, b, c, d, e, f, [batch, 1] each: where a pixel is taken from, see `randomAffine`
 * @returns [batch, rows, columns]
 */
export function projectiveTransform(images: tf.Tensor3D, affine: readonly tf.Tensor2D[]): tf.Tensor3D {
  return tf.tidy(() => {
    const backend = nodeBackend();
    const { TF_ATTR_TYPE, TF_ATTR_STRING, TF_FLOAT } = backend.binding;
    const [, rows, columns] = images.shape;
    const none = tf.zerosLike(affine[0]);
    const inputs = [
      tf.expandDims(images, 3),
      tf.concat([...affine, none, none], 1),
      tf.tensor1d([rows, columns], 'int32'),
      tf.scalar(0),
    ];
    const attributes = [
      { name: 'dtype', type: TF_ATTR_TYPE, value: TF_FLOAT },
      { name: 'interpolation', type: TF_ATTR_STRING, value: 'BILINEAR' },
      { name: 'fill_mode', type: TF_ATTR_STRING, value: 'CONSTANT' },
    ];
    const transformed = backend.executeSingleOutput('ImageProjectiveTransformV3', attributes, inputs);
    return tf.reshape(transformed, images.shape);
  });
}
