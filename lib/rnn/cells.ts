/** Every recurrent cell: a line here makes a new one a choice in the hyperparameters and part of the public API. */
export * from './basic_rnn_cell';
export * from './gru_cell';
export * from './lstm_cell';
export * from './minimal_gated_unit_cell';
