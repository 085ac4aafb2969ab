/** Imports and exports of a cell. An imported name follows its module, as in a file: it is linked, not copied. */
import ts from 'typescript';
import type { Emitter } from './emitter';

/** name in the notebook → name in the module; `*` is the module as a whole, `=` what `require` returns */
type Links = [name: string, exported: string][];

/** The statements that load a module for an import and link its names; none for an import of types. */
export function linkImports(
  statement: ts.Statement,
  emitter: Emitter,
  checker: ts.TypeChecker,
): ts.Statement[] {
  if (ts.isImportEqualsDeclaration(statement)) {
    const { moduleReference, name, isTypeOnly } = statement;
    if (isTypeOnly) return [];
    if (!ts.isExternalModuleReference(moduleReference)) return []; // TypeScript refuses an alias of a namespace here
    return load(moduleReference.expression, [[name.text, '=']], emitter);
  }
  if (!ts.isImportDeclaration(statement)) return [];
  const { importClause, moduleSpecifier } = statement;
  if (!importClause) return load(moduleSpecifier, [], emitter);
  const { name, namedBindings } = importClause;
  const links: Links = [];
  if (name && isValue(name, checker)) links.push([name.text, 'default']);
  if (namedBindings && ts.isNamespaceImport(namedBindings)) links.push([namedBindings.name.text, '*']);
  else if (namedBindings) links.push(...specifierLinks(namedBindings.elements, checker));
  const onlyTypes = importClause.isTypeOnly || links.length === 0;
  return onlyTypes ? [] : load(moduleSpecifier, links, emitter);
}

/** `export { a as b }`, `export … from`: names for later cells, from this one or from a module. */
export function linkExports(
  statement: ts.Statement,
  emitter: Emitter,
  checker: ts.TypeChecker,
): ts.Statement[] {
  if (!ts.isExportDeclaration(statement) || statement.isTypeOnly) return [];
  const { exportClause, moduleSpecifier } = statement;
  if (!moduleSpecifier) {
    const elements = exportClause && ts.isNamedExports(exportClause) ? [...exportClause.elements] : [];
    return elements
      .filter(
        ({ name, propertyName }) =>
          propertyName && propertyName.text !== name.text && name.text !== 'default',
      )
      .map(({ name, propertyName }) =>
        emitter.statement(emitter.call('alias', emitter.box(name.text), emitter.box(propertyName!.text))),
      );
  }
  if (!exportClause) {
    const module = checker.getSymbolAtLocation(moduleSpecifier);
    const names = module
      ? checker
          .getExportsOfModule(module)
          .filter(symbol => symbol.name !== 'default' && isValueSymbol(symbol, checker))
          .map(symbol => symbol.name)
      : [];
    return load(
      moduleSpecifier,
      names.map(name => [name, name]),
      emitter,
    );
  }
  const links: Links = ts.isNamedExports(exportClause)
    ? specifierLinks(exportClause.elements, checker).filter(([name]) => name !== 'default')
    : [[exportClause.name.text, '*']];
  return load(moduleSpecifier, links, emitter);
}

function specifierLinks(
  elements: readonly (ts.ImportSpecifier | ts.ExportSpecifier)[],
  checker: ts.TypeChecker,
): Links {
  return elements
    .filter(({ isTypeOnly, name }) => !isTypeOnly && isValue(name, checker))
    .map(({ name, propertyName }) => [name.text, (propertyName ?? name).text]);
}

/** `const m = await cell.load('…'); cell.link(a, m, 'a'); …` */
function load(specifier: ts.Expression, links: Links, emitter: Emitter): ts.Statement[] {
  const { factory } = emitter;
  const path = emitter.text((specifier as ts.StringLiteral).text);
  const module = factory.createUniqueName('module');
  const steps = links.map(([name, exported]) =>
    emitter.statement(emitter.call('link', emitter.box(name), module, emitter.text(exported))),
  );
  const reached = links.length > 0 ? [emitter.statement(emitter.reached(links.map(([name]) => name)))] : [];
  const loaded = ts.setTextRange(factory.createAwaitExpression(emitter.call('load', path)), specifier);
  return [emitter.constant(module, loaded), ...steps, ...reached];
}

function isValue(name: ts.Node, checker: ts.TypeChecker): boolean {
  const symbol = checker.getSymbolAtLocation(name);
  return symbol !== undefined && isValueSymbol(symbol, checker);
}

function isValueSymbol(symbol: ts.Symbol, checker: ts.TypeChecker): boolean {
  const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  return (target.flags & ts.SymbolFlags.Value) !== 0;
}
