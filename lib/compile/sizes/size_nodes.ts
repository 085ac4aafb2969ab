import type { Constant, Edge, GraphNode, Operation, Placeholder, TensorType } from '../graph/graph';
import { nodeBackend, type Attribute, type Binding, type Values } from '../../tfjs/node_backend';
import { isConstant, type Formula, type Term } from './formula';
import type { Template } from './template';

/** Makes the nodes that compute sizes, and arrays of sizes, from the shapes of the arguments. */
export class SizeNodes {
  private readonly binding: Binding = nodeBackend().binding;
  private readonly known = new Map<string, Edge>();
  private made = 0;
  private readonly int: TensorType = { shape: [], dtype: this.binding.TF_INT32 };

  /**
   * @param origins where each unknown size is found
   * @param add gets each node that is made, after those that it reads
   */
  constructor(
    private readonly origins: readonly { readonly placeholder: Placeholder; readonly axis: number }[],
    private readonly add: (node: GraphNode) => void,
  ) {}

  /** What takes the place of a constant. @param shape its shape */
  replace(constant: Constant, template: Template, shape: readonly Formula[]): Edge {
    const [{ dtype }] = constant.outputs;
    return this.once(`${JSON.stringify(template)} ${JSON.stringify(shape)} ${dtype}`, () => {
      switch (template.kind) {
        case 'same':
          return { node: constant, output: 0 };
        case 'elements':
          return this.elements(template.formulas, constant.outputs[0]);
        case 'filled': {
          const dims = this.elements(shape, { shape: [shape.length], dtype: this.int.dtype });
          const value = this.elements([template.value], { shape: [], dtype });
          const attributes = [this.type('T', dtype), this.type('index_type', this.int.dtype)];
          return this.operation('Fill', attributes, [dims, value], constant.outputs[0]);
        }
        case 'range': {
          const [zero, one] = [0, 1].map(value => this.constant([value], this.int));
          const length = this.elements([template.length], this.int);
          const { shape: known } = constant.outputs[0];
          const counts = this.operation('Range', [this.type('Tidx', this.int.dtype)], [zero, length, one], {
            shape: known,
            dtype: this.int.dtype,
          });
          const type = { shape: known, dtype };
          const [step, start] = [template.step, template.start].map(value =>
            this.constant([value], { shape: [], dtype }),
          );
          return this.binary('AddV2', this.binary('Mul', this.cast(counts, type), step, type), start, type);
        }
      }
    });
  }

  /** A tensor with an element for each formula. */
  private elements(formulas: readonly Formula[], type: TensorType): Edge {
    return this.once(`${JSON.stringify(formulas)} ${JSON.stringify(type)}`, () => {
      const { TF_FLOAT } = this.binding;
      const own = { shape: type.shape, dtype: type.dtype === TF_FLOAT ? TF_FLOAT : this.int.dtype };
      const constants = formulas.map(({ constant }) => constant);
      let sum =
        constants.some(each => each !== 0) || formulas.every(isConstant)
          ? this.constant(constants, own)
          : undefined;
      for (const key of new Set(
        formulas.flatMap(formula => formula.terms.map(term => keyOf(formula, term))),
      )) {
        const factors = formulas.map(formula =>
          formula.terms.reduce((all, term) => (keyOf(formula, term) === key ? all + term.factor : all), 0),
        );
        const [operation, ...product] = key.split(' ');
        const size = this.cast(this.product(product.map(Number)), { shape: [], dtype: own.dtype });
        const part = this.binary(operation, this.constant(factors, own), size, own);
        sum = sum ? this.binary('AddV2', sum, part, own) : part;
      }
      return this.cast(sum as Edge, type);
    });
  }

  private product([first, ...others]: readonly number[]): Edge {
    return others.reduce(
      (value, unknown) => this.binary('Mul', value, this.size(unknown), this.int),
      this.size(first),
    );
  }

  /** A scalar, int32. */
  private size(unknown: number): Edge {
    return this.once(`size ${unknown}`, () => {
      const { placeholder, axis } = this.origins[unknown];
      const [{ shape, dtype }] = placeholder.outputs;
      const { TF_ATTR_INT } = this.binding;
      const whole = this.operation(
        'Shape',
        [this.type('T', dtype), this.type('out_type', this.int.dtype)],
        [{ node: placeholder, output: 0 }],
        { shape: [shape.length], dtype: this.int.dtype },
      );
      const [begin, end, step] = [axis, axis + 1, 1].map(value =>
        this.constant([value], { ...this.int, shape: [1] }),
      );
      const masks = ['begin_mask', 'end_mask', 'ellipsis_mask', 'new_axis_mask', 'shrink_axis_mask'];
      return this.operation(
        'StridedSlice',
        [
          this.type('T', this.int.dtype),
          this.type('Index', this.int.dtype),
          ...masks.map(name => ({ name, type: TF_ATTR_INT, value: name === 'shrink_axis_mask' ? 1 : 0 })),
        ],
        [whole, begin, end, step],
        this.int,
      );
    });
  }

  private cast(from: Edge, type: TensorType): Edge {
    const { dtype } = from.node.outputs[from.output];
    if (dtype === type.dtype) return from;
    const { TF_ATTR_BOOL } = this.binding;
    const attributes = [
      this.type('SrcT', dtype),
      this.type('DstT', type.dtype),
      { name: 'Truncate', type: TF_ATTR_BOOL, value: false },
    ];
    return this.operation('Cast', attributes, [from], type);
  }

  private binary(op: string, a: Edge, b: Edge, type: TensorType): Edge {
    return this.operation(op, [this.type('T', type.dtype)], [a, b], type);
  }

  private operation(
    op: string,
    attributes: readonly Attribute[],
    inputs: readonly Edge[],
    output: TensorType,
  ): Edge {
    const name = `size_${op}_${this.made++}`;
    const node: Operation = { kind: 'operation', name, op, attributes, inputs, outputs: [output] };
    this.add(node);
    return { node, output: 0 };
  }

  private constant(numbers: readonly number[], type: TensorType): Edge {
    const { TF_FLOAT, TF_BOOL } = this.binding;
    const values: Values =
      type.dtype === TF_FLOAT
        ? Float32Array.from(numbers)
        : type.dtype === TF_BOOL
          ? Uint8Array.from(numbers)
          : Int32Array.from(numbers);
    const node: Constant = {
      kind: 'constant',
      name: `size_constant_${this.made++}`,
      outputs: [type],
      values,
    };
    this.add(node);
    return { node, output: 0 };
  }

  private type(name: string, value: number): Attribute {
    return { name, type: this.binding.TF_ATTR_TYPE, value };
  }

  private once(key: string, make: () => Edge): Edge {
    const made = this.known.get(key) ?? make();
    this.known.set(key, made);
    return made;
  }
}

/** Terms of one key differ in their factors only. */
const keyOf = ({ isInverse }: Formula, { product }: Term) =>
  [isInverse ? 'RealDiv' : 'Mul', ...product].join(' ');
