/** The one import of @tensorflow/tfjs-node: whoever needs TensorFlow takes `tf` from here. */
import './tensorflow_environment';
import './tfjs_node_util';
import * as tf from '@tensorflow/tfjs-node';
import { makeTensorsReadable } from './readable_tensors';

makeTensorsReadable();

export { tf };
