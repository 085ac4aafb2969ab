import { makeCellsReadable } from './readable_cells';

export type { Activation } from './activations';
export * from './cells';
export * from './wrappers';
export { bidirectionalDynamicRnn, type BidirectionalResult } from './bidirectional_rnn';
export type { RNNCell, State, StateSize, Variables } from './cell';
export { DropoutWrapper, type DropoutOptions } from './dropout_wrapper';
export { EmbeddingWrapper, type EmbeddingOptions } from './embedding_wrapper';
export { dynamicRnn, type RnnOptions, type RnnResult } from './dynamic_rnn';
export { glorotUniform, truncatedNormal } from './initializers';
export { Linear, type LinearOptions } from './linear';
export { ChunkedRnn, type ChunkOptions } from './chunked_rnn';
export { MultiRNNCell } from './multi_rnn_cell';
export { inference, Pass } from './pass';
export { AttentionPooling, type Pooling } from './pooling';
export { stateGradientNorms } from './state_gradients';
export { createUnroller, type Unroller, type UnrollerOptions } from './unroller';

makeCellsReadable();
