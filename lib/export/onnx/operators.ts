/** TensorFlow's operations as operators of ONNX (github.com/onnx/onnx, docs/Operators.md, operator set 13). */
import { UserError } from '../../base/errors';
import type { Operation, TensorType } from '../../compile/graph/graph';
import { elementTypes, type OnnxAttributes, type OnnxGraph } from './onnx_graph';

/** An operation that is to be translated. */
export interface Translated {
  readonly graph: OnnxGraph;
  readonly node: Operation;
  /** Names of its inputs in ONNX, and what they are. */
  readonly inputs: readonly string[];
  readonly types: readonly TensorType[];
  /** The integers of an input that is a constant. @throws UserError if it is computed */
  readonly integers: (input: number) => number[];
  readonly attribute: (name: string) => unknown;
}

type Translate = (operation: Translated) => string[];

/** An operator with the same inputs. */
const same =
  (name: string, attributes?: OnnxAttributes): Translate =>
  ({ graph, inputs }) =>
    graph.add(name, inputs, attributes);

const axisOf = (axis: number, { shape }: TensorType) => (axis < 0 ? axis + shape.length : axis);

const matMul: Translate = ({ graph, inputs, types, attribute }) => {
  const operand = (i: number, ...flags: string[]) => {
    if (!flags.some(flag => attribute(flag) === true)) return inputs[i];
    const axes = types[i].shape.map((_, axis) => axis);
    const [b, a] = [axes.pop(), axes.pop()] as [number, number];
    return graph.add('Transpose', [inputs[i]], { perm: [...axes, b, a] })[0];
  };
  return graph.add('MatMul', [operand(0, 'adj_x', 'transpose_a'), operand(1, 'adj_y', 'transpose_b')]);
};

const reduce =
  (name: string, axesAsInput: boolean): Translate =>
  ({ graph, inputs, integers, attribute }) => {
    const keepdims = attribute('keep_dims') === true ? 1 : 0;
    const axes = integers(1);
    if (axesAsInput) return graph.add(name, [inputs[0], graph.list(axes)], { keepdims });
    return graph.add(name, [inputs[0]], { keepdims, axes });
  };

/** By TensorFlow's names. */
const operators: Readonly<Record<string, Translate>> = {
  Identity: same('Identity'),
  Add: same('Add'),
  AddV2: same('Add'),
  Sub: same('Sub'),
  Mul: same('Mul'),
  RealDiv: same('Div'),
  Maximum: same('Max'),
  Minimum: same('Min'),
  AddN: same('Sum'),
  Sigmoid: same('Sigmoid'),
  Tanh: same('Tanh'),
  Relu: same('Relu'),
  Elu: same('Elu'),
  Selu: same('Selu'),
  Softplus: same('Softplus'),
  Abs: same('Abs'),
  Neg: same('Neg'),
  Exp: same('Exp'),
  Log: same('Log'),
  Sqrt: same('Sqrt'),
  Floor: same('Floor'),
  IsNan: same('IsNaN'),
  Greater: same('Greater'),
  Less: same('Less'),
  Select: same('Where'),
  SelectV2: same('Where'),
  Shape: same('Shape'),
  Reshape: same('Reshape'),
  Softmax: same('Softmax', { axis: -1 }),
  Square: ({ graph, inputs: [x] }) => graph.add('Mul', [x, x]),
  Rsqrt: ({ graph, inputs }) => graph.add('Reciprocal', graph.add('Sqrt', inputs)),
  Fill: ({ graph, inputs: [dims, value] }) => graph.add('Expand', [value, dims]),
  MatMul: matMul,
  BatchMatMulV2: matMul,
  Sum: reduce('ReduceSum', true),
  Mean: reduce('ReduceMean', false),
  Cast({ graph, inputs, node }) {
    const to = elementTypes[elementTypeOf(node.outputs[0])];
    return graph.add('Cast', inputs, { to });
  },
  ConcatV2: ({ graph, inputs, integers }) =>
    graph.add('Concat', inputs.slice(0, -1), { axis: integers(inputs.length - 1)[0] }),
  SplitV({ graph, inputs: [x], integers, node }) {
    const [sizes, [axis]] = [integers(1), integers(2)];
    return graph.add('Split', [x, graph.list(sizes)], { axis }, node.outputs.length);
  },
  Unpack({ graph, inputs, types, attribute, node }) {
    const axis = axisOf(attribute('axis') as number, types[0]);
    const pieces = graph.add('Split', inputs, { axis }, node.outputs.length);
    return pieces.map(piece => graph.add('Squeeze', [piece, graph.list([axis])])[0]);
  },
  Pack({ graph, inputs, attribute, node }) {
    const axis = axisOf(attribute('axis') as number, node.outputs[0]);
    const wide = inputs.map(input => graph.add('Unsqueeze', [input, graph.list([axis])])[0]);
    return graph.add('Concat', wide, { axis });
  },
  ExpandDims: ({ graph, inputs: [x], integers }) => graph.add('Unsqueeze', [x, graph.list([integers(1)[0]])]),
  Transpose: ({ graph, inputs: [x], integers }) => graph.add('Transpose', [x], { perm: integers(1) }),
  GatherV2: ({ graph, inputs: [x, indices], integers }) =>
    graph.add('Gather', [x, indices], { axis: integers(2)[0] }),
  /** tfjs has put the sizes themselves in the place of -1, to the end. */
  Slice({ graph, inputs: [x, starts, sizes] }) {
    const ends = graph.add('Add', [starts, sizes]);
    return graph.add('Slice', [x, starts, ...ends]);
  },
  /** One element of a list, such as a size of a shape. */
  StridedSlice({ graph, inputs: [x], types, integers, attribute }) {
    if (types[0].shape.length !== 1 || attribute('shrink_axis_mask') !== 1) throw unknown('StridedSlice');
    return graph.add('Gather', [x, graph.constant(Int32Array.from(integers(1)), [], 'int64')], { axis: 0 });
  },
};

/** @returns the names of its outputs @throws UserError for an operation that is not known here, by its name */
export function translate(operation: Translated): string[] {
  const { op } = operation.node;
  if (!Object.hasOwn(operators, op)) throw unknown(op);
  return operators[op](operation);
}

/** TensorFlow's integers become int64, which ONNX wants for shapes and indices. */
export function elementTypeOf({ dtype }: TensorType): keyof typeof elementTypes {
  const types: Readonly<Record<number, keyof typeof elementTypes>> = {
    1: 'float',
    3: 'int64',
    9: 'int64',
    10: 'bool',
  };
  if (dtype in types) return types[dtype];
  throw new UserError(`Expected float32, integers or bool in the graph, found TensorFlow's type ${dtype}`);
}

const unknown = (op: string) =>
  new UserError(
    `Expected operations that can be written as ONNX (${Object.keys(operators).join(', ')}), found ${op}: export the ` +
      'network as savedmodel, or compute the cell with the operations that are known',
  );
