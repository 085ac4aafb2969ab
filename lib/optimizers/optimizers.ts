/** Every optimizer: a line here makes a new one a choice in the hyperparameters and part of the public API. */
export * from './rmsprop';
export * from './sgd';
export * from './adam';
export * from './adamw';
