/**
 * The variables of a notebook. Each name is one variable for all cells, their functions, classes, timers and loops:
 * cells are rewritten to use `x.value` for x (compiler/rewrite.ts).
 */

export class Variable {
  private current: unknown;
  private ready = false;
  /** Where an imported name is looked up, each time. */
  private source: (() => unknown) | undefined;

  constructor(private readonly name: string) {}

  /** @throws ReferenceError before its declaration has been executed, as JavaScript does */
  get value(): unknown {
    return this.ready ? this.current : this.lookUp();
  }

  set value(value: unknown) {
    this.current = value;
    this.ready = true;
  }

  /** Follow an imported name. */
  link(source: () => unknown): void {
    this.source = source;
    this.current = undefined;
    this.ready = false;
  }

  /** `var x;` leaves a value that is there. */
  declareVar(): void {
    if (!this.ready && !this.source) this.value = undefined;
  }

  private lookUp(): unknown {
    if (this.source) return this.source();
    throw new ReferenceError(
      `Cannot access '${this.name}' before its declaration: the line that declares it has not run`,
    );
  }
}

export class Variables {
  private readonly known = new Map<string, Variable>();

  get(name: string): Variable {
    const variable = this.known.get(name) ?? new Variable(name);
    this.known.set(name, variable);
    return variable;
  }
}
