/** What can be put around a layer's cell: a line here makes a new wrapper a choice in the hyperparameters. */
export { noWrapper } from './wrapper_kind';
export * from './attention_cell_wrapper';
export * from './zoneout_wrapper';
export * from './residual_wrapper';
export * from './input_projection_wrapper';
export * from './output_projection_wrapper';
