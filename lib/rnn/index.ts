export * from './cells';
export * from './wrappers';
export type { RNNCell, State, Variables } from './cell';
export { DropoutWrapper, type DropoutOptions } from './dropout_wrapper';
export { dynamicRnn } from './dynamic_rnn';
export { glorotUniform, truncatedNormal } from './initializers';
export { Linear, type LinearOptions } from './linear';
export { MultiRNNCell } from './multi_rnn_cell';
export { inference, Pass } from './pass';
