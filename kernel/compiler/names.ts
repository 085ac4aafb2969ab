/**
 * The names that later cells know. Each cell that ran is kept as a module in memory, exporting what it declared; the
 * next cell gets a line above it that imports the names it uses. So types are those of the declarations themselves.
 */
import ts from 'typescript';
import { declaredIn, type Declared } from './declared';
import { setMemoryFile } from './files';

interface Origin {
  /** The module, as an import names it. */
  module: string;
  /** A variable that may be assigned to. */
  mutable: boolean;
}

/** In TypeScript one name may stand for a value and, separately, for a type. Classes are both: the same origin. */
interface Entry {
  value?: Origin;
  type?: Origin;
}

/** The text given to TypeScript for a cell: one line, then the cell as it is, then its exports. */
export interface CellText {
  whole: string;
  /** Where the cell's own text begins and ends. */
  start: number;
  end: number;
  declared: Declared;
}

export class Names {
  private readonly entries = new Map<string, Entry>();
  /** The text of each module of a cell, by its name. */
  private readonly modules = new Map<string, string>();
  /** Names of which a cell broke off before their declaration: name → cell. */
  private readonly unreached = new Map<string, string>();
  /** Modules with a `declare global` or `declare module`. */
  private readonly globals: string[] = [];
  private count = 0;

  /** @param folder the notebook's */
  constructor(private readonly folder: string) {}

  /** @param all know all names, not only those in the text: for completion */
  textOf(code: string, all = false): CellText {
    const declared = declaredIn(ts.createSourceFile('cell.ts', code, ts.ScriptTarget.Latest));
    const used = new Set(code.match(/[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*/gu));
    const lines = [...this.entries]
      .filter(([name]) => all || used.has(name))
      .flatMap(([name, entry]) => importsOf(name, entry, declared));
    lines.push(...this.globals.map(module => `import "${module}";`));
    const before = `export {}; ${lines.join(' ')}\n`;
    const exports = [...new Set([...declared.values, ...declared.types])].filter(
      name => !declared.exported.has(name),
    );
    const start = before.length;
    const whole = `${before}${code}\nexport { ${exports.join(', ')} };`;
    return { whole, start, end: start + code.length, declared };
  }

  /**
   * After a cell has run, or broken off.
   * @param reached its values whose declaration was executed; of the others nothing is known but what was before
   */
  keep(text: CellText, program: ts.Program, path: string, reached: ReadonlySet<string>, label: string): void {
    const module = `./__cell_${++this.count}__`;
    const { values, mutable } = text.declared;
    for (const name of values) if (!reached.has(name)) this.unreached.set(name, label);
    for (const [name, flags] of exportsOf(program, path)) {
      const isValue = (flags & ts.SymbolFlags.Value) !== 0;
      if (isValue && values.has(name) && !reached.has(name)) continue;
      this.unreached.delete(name);
      const origin = { module, mutable: mutable.has(name) };
      const isType = (flags & ts.SymbolFlags.Type) !== 0;
      const { value, type } = this.entries.get(name) ?? {};
      const before = value && value === type ? {} : { value, type };
      const both = isValue && isType ? { value: origin, type: origin } : {};
      this.entries.set(name, {
        ...before,
        ...(isType && { type: origin }),
        ...((isValue || !isType) && { value: origin }),
        ...both,
      });
    }
    if (text.declared.isGlobal) this.globals.push(module);
    this.modules.set(module, text.whole);
    setMemoryFile(this.pathOf(module), text.whole);
    this.forgetUnused();
  }

  /** The cell that declares this name but broke off before it got there. */
  unreachedIn(name: string): string | undefined {
    return this.unreached.get(name);
  }

  private pathOf(module: string): string {
    return `${this.folder}/${module.slice(2)}.ts`;
  }

  /** A module stays as long as a name comes from it, directly or through the types of another cell. */
  private forgetUnused(): void {
    const needed = new Set<string>();
    const add = (module: string) => {
      if (needed.has(module)) return;
      needed.add(module);
      const [imports] = (this.modules.get(module) ?? '').split('\n', 1);
      for (const [, other] of imports.matchAll(/"(\.\/__cell_\d+__)"/g)) add(other);
    };
    this.globals.forEach(add);
    for (const { value, type } of this.entries.values())
      for (const origin of [value, type]) if (origin) add(origin.module);
    for (const module of [...this.modules.keys()]) {
      if (needed.has(module)) continue;
      this.modules.delete(module);
      setMemoryFile(this.pathOf(module), undefined);
    }
  }
}

/** What a cell needs to know a name, but for what it declares itself. */
function importsOf(name: string, { value, type }: Entry, own: Declared): string[] {
  const hasValue = own.values.has(name);
  const hasType = own.types.has(name);
  const whole = (origin: Origin) => `import { ${name} } from "${origin.module}";`;
  if (value && value === type) return hasValue || hasType ? [] : [whole(value)];
  const lines: string[] = [];
  if (type && !hasType) lines.push(whole(type));
  if (value && !hasValue) {
    // An import cannot be assigned to.
    const keyword = value.mutable ? 'let' : type || hasType ? 'const' : undefined;
    lines.push(
      keyword ? `declare ${keyword} ${name}: typeof import("${value.module}").${name};` : whole(value),
    );
  }
  return lines;
}

/** What a cell's module exports, and whether that is a value, a type or both. */
function exportsOf(program: ts.Program, path: string): [string, ts.SymbolFlags][] {
  const checker = program.getTypeChecker();
  const file = program.getSourceFile(path);
  const module = file && checker.getSymbolAtLocation(file);
  if (!module) return [];
  return checker
    .getExportsOfModule(module)
    .filter(({ name }) => name !== 'default')
    .map(symbol => [
      symbol.name,
      (symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol).flags,
    ]);
}
