/** Every recurrent cell: a line here makes a new one a choice in the hyperparameters and part of the public API. */
export * from './basic_rnn_cell';
export * from './gru_cell';
export * from './lstm_cell';
export * from './minimal_gated_unit_cell';
export * from './coupled_input_forget_gate_lstm_cell';
export * from './cudnn_gru_cell';
export * from './ind_rnn_cell';
export * from './irnn_cell';
export * from './layer_norm_basic_lstm_cell';
export * from './grid/grid_lstm_cell';
export * from './grid/bidirectional_grid_lstm_cell';
export * from './grid/time_freq_lstm_cell';
export * from './grid/grid1_lstm_cell';
export * from './grid/grid2_lstm_cell';
export * from './grid/grid3_lstm_cell';
export * from './grid/grid_rnn_cells';
