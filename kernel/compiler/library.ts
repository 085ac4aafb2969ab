/**
 * What the project's library exports: names to be completed, and missed, before they are imported. They are told from
 * the syntax of its files alone, which is some tenths of a second quicker than their types. In a project that has none of
 * its own it is the package that this kernel belongs to, if the project has installed it.
 */
import { existsSync } from 'node:fs';
import { basename, dirname, extname, join, relative, sep } from 'node:path';
import ts from 'typescript';
import { hasModifier, namesOf } from './declared';
import { readText, versionOf } from './files';
import { cellOptions, projectRoot } from './options';

/** The name under which a project installs the package that this kernel is part of. */
const ownPackage = 'scanline';

/** name → what it is, in TypeScript's words: `class`, `function`, … */
type Exports = Map<string, string>;

export class Library {
  private readonly main: string | undefined;
  private readonly options: ts.CompilerOptions;
  /** The exports of each file; of an empty map, they are being looked up. */
  private readonly known = new Map<string, Exports>();
  /** How a cell imports it: `../lib`. */
  readonly specifier: string;

  /** Of an installed package: the folder of its types. */
  private readonly installed: string | undefined;

  /** @param folder the notebook's */
  constructor(folder: string) {
    this.options = cellOptions(folder);
    this.main = findMain(projectRoot(folder));
    this.specifier = this.main === undefined ? '' : specifierOf(this.main, folder);
    if (this.main !== undefined) return;
    const types = this.resolve(ownPackage, join(folder, 'notebook.ts'));
    if (types === undefined) return;
    this.main = types;
    this.installed = dirname(types) + sep;
    this.specifier = ownPackage;
  }

  get exports(): ReadonlyMap<string, string> {
    return this.main === undefined ? new Map() : this.exportsOf(this.main);
  }

  /** After a file has changed. */
  forget(): void {
    this.known.clear();
  }

  private exportsOf(file: string): Exports {
    const known = this.known.get(file);
    if (known) return known;
    const found: Exports = new Map();
    this.known.set(file, found); // files may import each other
    versionOf(file); // so that a change is noticed
    const source = ts.createSourceFile(file, readText(file) ?? '', ts.ScriptTarget.Latest);
    for (const statement of source.statements) {
      if (ts.isExportDeclaration(statement)) this.addReexports(statement, file, found);
      else if (hasModifier(statement, ts.SyntaxKind.ExportKeyword)) addDeclared(statement, found);
    }
    return found;
  }

  /** `export * from`, `export * as a from`, `export { a as b } from`, `export { a as b }` */
  private addReexports(statement: ts.ExportDeclaration, file: string, found: Exports): void {
    const { moduleSpecifier, exportClause } = statement;
    const others = moduleSpecifier
      ? this.exportsFrom((moduleSpecifier as ts.StringLiteral).text, file)
      : found;
    if (!exportClause) {
      for (const [name, kind] of others) if (!found.has(name)) found.set(name, kind);
    } else if (ts.isNamespaceExport(exportClause)) {
      found.set(exportClause.name.text, ts.ScriptElementKind.moduleElement);
    } else {
      for (const { name, propertyName } of exportClause.elements) {
        if (name.text === 'default') continue;
        found.set(name.text, others.get((propertyName ?? name).text) ?? ts.ScriptElementKind.alias);
      }
    }
  }

  private exportsFrom(specifier: string, file: string): Exports {
    const path = this.resolve(specifier, file);
    const isOwn = path !== undefined && (!path.includes('/node_modules/') || this.isInstalled(path));
    return isOwn ? this.exportsOf(path) : new Map<string, string>();
  }

  private isInstalled(path: string): boolean {
    return this.installed !== undefined && path.startsWith(this.installed);
  }

  private resolve(specifier: string, file: string): string | undefined {
    return ts.resolveModuleName(specifier, file, this.options, ts.sys).resolvedModule?.resolvedFileName;
  }
}

/** `main` of package.json, if that is source code, or else `lib/index.ts`. */
function findMain(root: string): string | undefined {
  const { main } = readPackage(root);
  const candidates = [main, 'lib/index.ts'].filter(
    path => typeof path === 'string' && /\.[cm]?tsx?$/.test(path),
  );
  return candidates.map(path => join(root, path as string)).find(path => existsSync(path));
}

function readPackage(root: string): { main?: unknown } {
  try {
    return Object(JSON.parse(readText(join(root, 'package.json')) ?? '{}')) as { main?: unknown };
  } catch {
    return {}; // npm says what is wrong with it
  }
}

function specifierOf(main: string, folder: string): string {
  const isIndex = basename(main, extname(main)) === 'index';
  const path = relative(folder, isIndex ? dirname(main) : main.slice(0, -extname(main).length));
  const forward = path.split(sep).join('/');
  return forward.startsWith('.') ? forward : `./${forward}`;
}

function addDeclared(statement: ts.Statement, found: Exports): void {
  if (hasModifier(statement, ts.SyntaxKind.DefaultKeyword)) return;
  if (ts.isVariableStatement(statement)) {
    const { declarationList } = statement;
    const kind =
      declarationList.flags & ts.NodeFlags.Const
        ? ts.ScriptElementKind.constElement
        : ts.ScriptElementKind.letElement;
    for (const name of namesOf(declarationList)) found.set(name, kind);
    return;
  }
  const kind = kinds.get(statement.kind);
  const name = (statement as ts.DeclarationStatement).name;
  if (kind !== undefined && name && ts.isIdentifier(name)) found.set(name.text, kind);
}

const kinds = new Map([
  [ts.SyntaxKind.FunctionDeclaration, ts.ScriptElementKind.functionElement],
  [ts.SyntaxKind.ClassDeclaration, ts.ScriptElementKind.classElement],
  [ts.SyntaxKind.InterfaceDeclaration, ts.ScriptElementKind.interfaceElement],
  [ts.SyntaxKind.TypeAliasDeclaration, ts.ScriptElementKind.typeElement],
  [ts.SyntaxKind.EnumDeclaration, ts.ScriptElementKind.enumElement],
  [ts.SyntaxKind.ModuleDeclaration, ts.ScriptElementKind.moduleElement],
]);
