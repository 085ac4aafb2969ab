/** How a gradient becomes a step, with TensorFlow 1's formulas. */
export * from './optimizers';
export { clipByGlobalNorm } from './clip_by_global_norm';
export { createOptimizer } from './create_optimizer';
export { optimizerKind, type Slots, type Update, type UpdateRule } from './optimizer_kind';
