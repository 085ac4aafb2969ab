/** A graph in ONNX, node by node (github.com/onnx/onnx, docs/IR.md), written with the definitions of onnx-proto. */
import { createRequire } from 'node:module';
import type { onnx as Definitions } from 'onnx-proto';
import { UserError } from '../../base/errors';
import { resolveOptional } from '../../base/optional_package';

/** The operator set whose operators are used, and the file format that came with it. */
const [opset, irVersion] = [13, 7];

/** TensorProto.DataType */
export const elementTypes = { float: 1, int64: 7, bool: 9 } as const;
type ElementType = keyof typeof elementTypes;

/** Of an operator: an integer, a list of them, or a text. */
export type OnnxAttributes = Readonly<Record<string, number | readonly number[] | string>>;

/** A size; a name for one that may be any. */
export type OnnxShape = readonly (number | string)[];

export class OnnxGraph {
  private readonly proto: typeof Definitions;
  private readonly nodes: Definitions.INodeProto[] = [];
  private readonly initializers: Definitions.ITensorProto[] = [];
  private readonly integers = new Map<string, string>();
  private count = 0;

  /** @throws UserError without the package onnx-proto */
  constructor() {
    const require = createRequire(__filename);
    const { onnx } = require(resolveOptional('onnx-proto', 'write ONNX')) as { onnx: typeof Definitions };
    this.proto = onnx;
  }

  /** @returns the names of the outputs */
  add(opType: string, inputs: readonly string[], attributes: OnnxAttributes = {}, numOutputs = 1): string[] {
    const name = `${opType}_${this.count++}`;
    const output = Array.from({ length: numOutputs }, (_, i) => (i === 0 ? name : `${name}_${i}`));
    this.nodes.push({
      ...{ name, opType, input: [...inputs], output },
      attribute: Object.entries(attributes).map(([key, value]) => this.attribute(key, value)),
    });
    return output;
  }

  /** An output by the name that it has outside. */
  name(name: string, from: string): void {
    this.nodes.push({ name, opType: 'Identity', input: [from], output: [name] });
  }

  /** int64, [values.length] */
  list(values: readonly number[]): string {
    return this.integerTensor(values, [values.length]);
  }

  /** A constant. @param values integers become int64 */
  constant(
    values: Float32Array | Int32Array | Uint8Array,
    shape: readonly number[],
    type: ElementType,
  ): string {
    if (type === 'int64') return this.integerTensor(Array.from(values), shape);
    const name = `constant_${this.count++}`;
    const rawData = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    this.initializers.push({ name, dims: [...shape], dataType: elementTypes[type], rawData });
    return name;
  }

  private integerTensor(values: readonly number[], shape: readonly number[]): string {
    const key = `${values.join()} ${shape.join()}`;
    const known = this.integers.get(key);
    if (known !== undefined) return known;
    const name = `integers_${this.count++}`;
    const bytes = BigInt64Array.from(values, value => BigInt(value));
    this.initializers.push({
      ...{ name, dims: [...shape], dataType: elementTypes.int64 },
      rawData: new Uint8Array(bytes.buffer),
    });
    this.integers.set(key, name);
    return name;
  }

  private attribute(name: string, value: number | readonly number[] | string): Definitions.IAttributeProto {
    const { AttributeType } = this.proto.AttributeProto;
    if (typeof value === 'number') return { name, type: AttributeType.INT, i: value };
    if (typeof value === 'string') return { name, type: AttributeType.STRING, s: Buffer.from(value) };
    return { name, type: AttributeType.INTS, ints: [...value] };
  }

  /** The file. @param inputs and outputs are float32 */
  serialize(
    inputs: Readonly<Record<string, OnnxShape>>,
    outputs: Readonly<Record<string, OnnxShape>>,
  ): Uint8Array {
    const { ModelProto } = this.proto;
    const model = {
      irVersion,
      producerName: 'Scanline',
      opsetImport: [{ domain: '', version: opset }],
      graph: {
        name: 'forward',
        node: this.nodes,
        initializer: this.initializers,
        input: Object.entries(inputs).map(valueInfo),
        output: Object.entries(outputs).map(valueInfo),
      },
    };
    const problem = ModelProto.verify(model);
    if (problem) throw new UserError(`Expected a graph that ONNX can hold, found ${problem}`);
    return ModelProto.encode(model).finish();
  }
}

function valueInfo([name, shape]: [name: string, shape: OnnxShape]): Definitions.IValueInfoProto {
  const dim = shape.map(size => (typeof size === 'number' ? { dimValue: size } : { dimParam: size }));
  return { name, type: { tensorType: { elemType: elementTypes.float, shape: { dim } } } };
}
