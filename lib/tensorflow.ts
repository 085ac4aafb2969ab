/** The one import of @tensorflow/tfjs-node: whoever needs TensorFlow takes `tf` from here. */
import './tensorflow_environment';
import * as tf from '@tensorflow/tfjs-node';

export { tf };
