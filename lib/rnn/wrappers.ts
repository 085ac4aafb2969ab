/** What can be put around a layer's cell: a line here makes a new wrapper a choice in the hyperparameters. */
export { noWrapper } from './wrapper_kind';
