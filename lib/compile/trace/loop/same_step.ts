import type { Edge } from '../../graph/graph';
import type { RecordedStep } from './record_step';
import { otherStep } from '../refusals';
import { isSameValues } from '../story';

/**
 * Two recordings of a step must come to the same: what JavaScript changes from step to step would be frozen in a loop.
 * @throws CompileError that says what differs
 */
export function checkSameStep(first: RecordedStep, second: RecordedStep): void {
  const same = new Map<string, string>();
  const keyOf = ({ node, output }: Edge) => `${node.name}:${output}`;
  const inputsOf = ({ elements, carried, seeds }: RecordedStep) => [
    ...elements,
    ...carried,
    ...(seeds ? [seeds.placeholder] : []),
  ];
  const parameters = inputsOf(second);
  inputsOf(first).forEach((node, i) => {
    const other = parameters[i];
    if (other) same.set(keyOf({ node, output: 0 }), keyOf({ node: other, output: 0 }));
  });
  const resultsOf = ({ outputs, next }: RecordedStep) => [...outputs, ...next].map(({ edge }) => edge);
  const results = resultsOf(second);
  const ahead = resultsOf(first).map((a, i): [Edge, Edge] => [a, results[i]]);
  if (results.length !== ahead.length) throw otherStep('gives another number of tensors');
  for (let pair = ahead.pop(); pair; pair = ahead.pop()) {
    const [a, b] = pair;
    const known = same.get(keyOf(a));
    if (known === keyOf(b) || (a.node === b.node && a.output === b.output)) continue;
    if (known !== undefined) throw otherStep('uses other tensors');
    same.set(keyOf(a), keyOf(b));
    const [x, y] = [a.node, b.node];
    if (x.kind === 'constant' && y.kind === 'constant') {
      if (!isSameValues(x.values, y.values)) throw otherStep('makes a tensor of other numbers');
    } else if (x.kind === 'operation' && y.kind === 'operation') {
      const isSame =
        x.op === y.op &&
        a.output === b.output &&
        x.inputs.length === y.inputs.length &&
        JSON.stringify(x.attributes) === JSON.stringify(y.attributes);
      if (!isSame) throw otherStep(`runs other operations (${x.op}, then ${y.op})`);
      x.inputs.forEach((input, i) => ahead.push([input, y.inputs[i]]));
    } else throw otherStep('uses another tensor from outside');
  }
}
