/** TensorFlow.js on TensorFlow, loaded at its first use. */
export * as tf from '@tensorflow/tfjs-node';
