/** Which names a cell declares at its top level, told from its syntax alone. */
import ts from 'typescript';

export interface Declared {
  /** Names of values: variables, functions, classes, enums, namespaces, imports. */
  values: Set<string>;
  /** Names of types: interfaces, type aliases, classes, enums, namespaces, imports. */
  types: Set<string>;
  /** The variables that may be assigned to. */
  mutable: Set<string>;
  /** Names that the cell exports itself. */
  exported: Set<string>;
  /** It has a `declare global`, which counts for every later cell. */
  isGlobal: boolean;
}

export function declaredIn(file: ts.SourceFile): Declared {
  const found: Declared = {
    values: new Set(),
    types: new Set(),
    mutable: new Set(),
    exported: new Set(),
    isGlobal: false,
  };
  for (const statement of file.statements) {
    if (hasModifier(statement, ts.SyntaxKind.DeclareKeyword)) {
      // Given by somebody else: nothing that the cell declares.
      found.isGlobal ||= ts.isModuleDeclaration(statement);
      continue;
    }
    const exported = hasModifier(statement, ts.SyntaxKind.ExportKeyword);
    const isDefault = hasModifier(statement, ts.SyntaxKind.DefaultKeyword);
    const add = (name: string, ...kinds: ('values' | 'types')[]) => {
      kinds.forEach(kind => found[kind].add(name));
      if (exported && !isDefault) found.exported.add(name);
    };
    if (ts.isVariableStatement(statement)) {
      const { declarationList } = statement;
      if (isUsing(declarationList)) continue;
      for (const name of namesOf(declarationList)) {
        add(name, 'values');
        if (!(declarationList.flags & ts.NodeFlags.Const)) found.mutable.add(name);
      }
    } else if (ts.isFunctionDeclaration(statement)) {
      if (statement.name) add(statement.name.text, 'values');
    } else if (
      ts.isClassDeclaration(statement) ||
      ts.isEnumDeclaration(statement) ||
      ts.isModuleDeclaration(statement)
    ) {
      if (statement.name && ts.isIdentifier(statement.name)) add(statement.name.text, 'values', 'types');
    } else if (ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement)) {
      add(statement.name.text, 'types');
    } else if (ts.isImportDeclaration(statement) || ts.isImportEqualsDeclaration(statement)) {
      for (const { text, isTypeOnly } of importedNames(statement)) {
        if (isTypeOnly) add(text, 'types');
        else add(text, 'values', 'types');
      }
    } else if (ts.isExportDeclaration(statement)) {
      const { exportClause } = statement;
      if (exportClause && ts.isNamedExports(exportClause)) {
        exportClause.elements.forEach(({ name }) => found.exported.add(name.text));
      } else if (exportClause) found.exported.add(exportClause.name.text);
    } else {
      for (const name of hoistedVariables(statement)) {
        add(name, 'values');
        found.mutable.add(name);
      }
    }
  }
  return found;
}

export function hasModifier(node: ts.Node, kind: ts.SyntaxKind): boolean {
  const modifiers = ts.canHaveModifiers(node) ? ts.getModifiers(node) : undefined;
  return modifiers?.some(modifier => modifier.kind === kind) ?? false;
}

/** The declarations of names in a list of variables, those inside of patterns included. */
export function variablesOf(
  node: ts.VariableDeclarationList | ts.VariableDeclaration | ts.BindingElement,
): (ts.VariableDeclaration | ts.BindingElement)[] {
  if (ts.isVariableDeclarationList(node)) return node.declarations.flatMap(variablesOf);
  if (ts.isIdentifier(node.name)) return [node];
  return node.name.elements.flatMap(element => (ts.isBindingElement(element) ? variablesOf(element) : []));
}

export function namesOf(node: ts.VariableDeclarationList | ts.VariableDeclaration): string[] {
  return variablesOf(node).map(({ name }) => (name as ts.Identifier).text);
}

/** `using` closes its value at the end of the cell: nothing for later cells. */
export function isUsing(list: ts.VariableDeclarationList): boolean {
  return (list.flags & ts.NodeFlags.Using) !== 0;
}

/** `var` in blocks and loops, which belongs to the whole cell. */
export function hoistedLists(node: ts.Node): ts.VariableDeclarationList[] {
  if (ts.isFunctionLike(node) || ts.isClassLike(node) || ts.isModuleDeclaration(node)) return [];
  if (ts.isVariableDeclarationList(node) && !(node.flags & ts.NodeFlags.BlockScoped)) return [node];
  const found: ts.VariableDeclarationList[] = [];
  ts.forEachChild(node, child => void found.push(...hoistedLists(child)));
  return found;
}

function hoistedVariables(statement: ts.Statement): string[] {
  return hoistedLists(statement).flatMap(namesOf);
}

function importedNames(
  statement: ts.ImportDeclaration | ts.ImportEqualsDeclaration,
): { text: string; isTypeOnly: boolean }[] {
  if (ts.isImportEqualsDeclaration(statement)) {
    return [{ text: statement.name.text, isTypeOnly: statement.isTypeOnly }];
  }
  const { importClause } = statement;
  if (!importClause) return [];
  const { name, namedBindings, isTypeOnly } = importClause;
  const named = !namedBindings
    ? []
    : ts.isNamespaceImport(namedBindings)
      ? [{ text: namedBindings.name.text, isTypeOnly }]
      : namedBindings.elements.map(element => ({
          text: element.name.text,
          isTypeOnly: isTypeOnly || element.isTypeOnly,
        }));
  return name ? [{ text: name.text, isTypeOnly }, ...named] : named;
}
