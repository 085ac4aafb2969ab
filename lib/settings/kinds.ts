/** Choices that settings name by their `kind`: each stands in the file of what it makes, with its own settings. */
import { z } from 'zod';
import { readable } from '../base/readable';

/** One choice: `{ kind: 'lstm', forgetBias: 1 }`, and what is made of it. */
export class Kind<Schema extends z.ZodObject = z.ZodObject, Make = unknown> {
  /**
   * @param schema of the settings, `kind` included
   * @param make what they describe, made of them
   */
  constructor(
    readonly name: string,
    readonly schema: Schema,
    readonly make: Make,
  ) {}
}

readable(Kind.prototype, {
  text: ({ name, schema }: Kind) => `Kind ${name}: ${Object.keys(schema.shape).join(', ')}`,
});

/**
 * A function that defines the choices of one sort.
 * @example
 * const cellKind = definesKinds<[units: number], RNNCell>();
 * export const irnnKind = cellKind('irnn', {}, (_, units) => new IRNNCell(units));
 */
export function definesKinds<Args extends readonly unknown[], Made>() {
  return <Name extends string, Shape extends z.core.$ZodLooseShape>(
    name: Name,
    shape: Shape,
    make: (settings: z.output<z.ZodObject<Shape>>, ...args: Args) => Made,
  ) => {
    const schema = z.strictObject({ kind: z.literal(name), ...shape });
    return new Kind(name, schema, make as unknown as (settings: { kind: string }, ...args: Args) => Made);
  };
}

type KindsOf<Module> = Extract<Module[keyof Module], Kind>;

/** The kinds among what a file exports, in the order of its lines. */
export function kindsOf<Module extends object>(exported: Module): KindsOf<Module>[] {
  return Object.values(exported).filter(each => each instanceof Kind) as KindsOf<Module>[];
}

/** The settings of all these kinds as a union, told apart by `kind`. */
export function unionOf<Module extends object>(exported: Module) {
  const schemas = kindsOf(exported).map(({ schema }) => schema) as KindsOf<Module>['schema'][];
  return z.discriminatedUnion('kind', schemas as [KindsOf<Module>['schema'], ...typeof schemas]);
}

/** What the settings describe. @param exported the file that exports the kind */
export function make<Made, Args extends readonly unknown[]>(
  exported: object,
  settings: { readonly kind: string },
  ...args: Args
): Made {
  const kind = kindsOf(exported).find(({ name }) => name === settings.kind) as
    Kind<z.ZodObject, (settings: object, ...args: Args) => Made> | undefined;
  if (!kind) throw new Error(`No kind ${settings.kind}: parse the settings first`);
  return kind.make(settings, ...args);
}
