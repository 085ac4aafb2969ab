import type { Constant, Operation } from '../graph/graph';
import type { Recorder } from '../trace/recorder';
import type { Story } from '../trace/story';
import { evaluate, Fitter, type Formula } from './formula';
import { loops, noFormula } from './refusals';
import { agrees, fillIn, fitTemplate, lengthAt, type Template } from './template';

/** One trace for all sizes: traces at several sizes, with a formula for each number in which they differ. */
export class FittedTrace {
  /** For each constant of the first trace, by its name. */
  readonly constants = new Map<string, Template>();
  /** The shapes of the outputs of each node of the first trace, by its name. */
  readonly shapes = new Map<string, readonly (readonly Formula[])[]>();
  private readonly written: readonly (Template | undefined)[];
  private readonly read: readonly Template[];
  private readonly first: Recorder;

  /** @throws CompileError if a number follows no formula */
  constructor(recorders: readonly Recorder[], points: readonly (readonly number[])[]) {
    const [first] = recorders;
    this.first = first;
    // What is within the loop of a scan is not compared here.
    if (first.nodes.some(node => node.kind === 'operation' && node.loop)) throw loops();
    const fitter = new Fitter(points);
    const across = <T>(list: (recorder: Recorder) => readonly T[], i: number) =>
      recorders.map(recorder => list(recorder)[i]);
    first.nodes.forEach((node, i) => {
      const nodes = across(recorder => recorder.nodes, i);
      if (!nodes.every(each => each.kind === node.kind && each.name === node.name)) {
        throw noFormula(
          `makes ${node.name} at one size and ${nodes.map(({ name }) => name).join(' or ')} at others`,
        );
      }
      const shapes = node.outputs.map(({ shape, shapeFrom }, output) =>
        shape.map((size, axis) => {
          const sizes = nodes.map(each => each.outputs[output].shape[axis]);
          if (shapeFrom !== undefined) return { constant: size, terms: [] }; // nobody can read it
          const formula = fitter.fit(sizes);
          if (!formula) throw noFormula(`makes a ${kindOf(node)} with dimensions of ${sizes.join(', ')}`);
          return formula;
        }),
      );
      this.shapes.set(node.name, shapes);
      if (node.kind !== 'constant') return;
      const template = fitTemplate(
        (nodes as Constant[]).map(({ values }) => values),
        fitter,
      );
      if (!template) throw noFormula(describeArrays(nodes as Constant[], usersOf(node, first.operations)));
      this.constants.set(node.name, template);
    });
    const used = new Set(first.constants.keys());
    this.written = first.written.map((values, place) =>
      used.has(place)
        ? fitTemplate(
            across(recorder => recorder.written, place),
            fitter,
          )
        : undefined,
    );
    this.read = first.read.map((_, i) => {
      const template = fitTemplate(
        across(recorder => recorder.read, i),
        fitter,
      );
      if (!template) throw noFormula('reads numbers that depend on a size');
      return template;
    });
  }

  /** How many numbers it writes at these sizes, but for those that it writes at any. */
  elementsAt(sizes: readonly number[]): number {
    return this.written.reduce((sum, each) => sum + (each ? lengthAt(each, sizes) : 0), 0);
  }

  /** The trace as it must be at these sizes: to be replayed. */
  storyAt(sizes: readonly number[]): Story {
    const { operations, captured } = this.first;
    const templates = this.written;
    return {
      written: templates.map((template, i) => (template ? fillIn(template, sizes) : this.first.written[i])),
      operations: operations.map((operation): Operation => {
        const shapes = this.shapes.get(operation.name) ?? [];
        const outputs = operation.outputs.map((output, i) => ({
          ...output,
          shape: shapes[i].map(formula => evaluate(formula, sizes)),
        }));
        return { ...operation, outputs };
      }),
      read: this.read.map(template => fillIn(template, sizes)),
      captured,
      explains: (place, before, again) => templates[place] === undefined || agrees(before, again),
    };
  }
}

const kindOf = (node: Operation | { readonly kind: string }) => ('op' in node ? node.op : node.kind);

const usersOf = (constant: Constant, operations: readonly Operation[]) =>
  [
    ...new Set(
      operations.filter(({ inputs }) => inputs.some(({ node }) => node === constant)).map(({ op }) => op),
    ),
  ].join(' and ');

function describeArrays([first, second]: readonly Constant[], users: string): string {
  const show = ({ values }: Constant) =>
    values.length > 8 ? `${values.length} numbers` : `[${[...values].join(', ')}]`;
  return `gives ${users || 'nothing'} the array ${show(first)} at one size and ${show(second)} at another`;
}
