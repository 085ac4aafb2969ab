/** How a gradient becomes a step, with TensorFlow 1's formulas. */
export * from './optimizers';
export { clipByGlobalNorm } from './clip_by_global_norm';
export { createOptimizer } from './create_optimizer';
export { optimizerKind, type UpdateRule } from './optimizer_kind';
