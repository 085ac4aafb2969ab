/** A function of tensors as one TensorFlow graph. It needs tfjs-node and nothing else. */
export { compile, type Compiled, type CompileOptions } from './compile';
export { CompileError } from './compile_error';
export { compileModel } from './models/compile_model';
export type { CompiledGraphModel } from './models/graph_model';
export type { CompiledLayersModel } from './models/layers_model';
export type { SaveOptions } from './graph/export_model';
export type { GraphInspection } from './inspection/inspection';
export type { Profile, ProfileEntry } from './inspection/profile';
export type { InputShapes } from './sizes/open_shapes';
export { dropout } from '../tfjs/dropout';
export { scan, type ScanResult, type ScanStep, type Tensors } from './scan';
export { randomUniform } from '../tfjs/random_uniform';
export { tf } from '../tfjs/tensorflow';
