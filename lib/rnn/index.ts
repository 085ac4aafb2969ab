import { makeCellsReadable } from './readable_cells';

export type { Activation } from './layers/activations';
export * from './cells/cells';
export * from './wrappers/wrappers';
export { bidirectionalDynamicRnn, type BidirectionalResult } from './unroll/bidirectional_rnn';
export { BaseCell } from './base_cell';
export type { Gates, KeepGate, RNNCell, State, StateSize, Step, Variables } from './cell';
export { CellWrapper } from './wrappers/cell_wrapper';
export { DropoutWrapper, type DropoutOptions } from './wrappers/dropout_wrapper';
export { EmbeddingWrapper, type EmbeddingOptions } from './wrappers/embedding_wrapper';
export { dynamicRnn, type RnnOptions, type RnnResult } from './unroll/dynamic_rnn';
export { createVariable, glorotUniform, glorotVariable, truncatedNormal } from './layers/initializers';
export { Linear, type LinearOptions } from './layers/linear';
export { ChunkedRnn, type ChunkOptions } from './unroll/chunked_rnn';
export { MultiRNNCell } from './wrappers/multi_rnn_cell';
export { WeightedWrapper } from './wrappers/weighted_wrapper';
export { inference, inspection, Pass } from './pass';
export { AttentionPooling, type Pooling } from './layers/pooling';
export { stateGradientNorms } from './unroll/state_gradients';
export { createUnroller, type UnrollerOptions } from './unroll/create_unroller';
export type { Unroller } from './unroll/unroller';
export { variablesOf, type HasVariables, type Weights } from './weights';

makeCellsReadable();
