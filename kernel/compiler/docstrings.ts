/**
 * Docstrings. Parsing them takes a sixth of a kernel's start, and only help on a name shows them: the compiler leaves them
 * out of its syntax trees (service.ts), and they are added to the files that help is asked about.
 */
import ts from 'typescript';

/** TypeScript keeps a node's docstrings in a property that its types leave out. */
type Documented = ts.Node & { jsDoc?: ts.JSDoc[] };

export class Docstrings {
  private readonly known = new WeakSet<ts.SourceFile>();

  /** Add those of a file to its tree. */
  addTo(file: ts.SourceFile): void {
    // The types of plain JavaScript stand in docstrings, so they have been parsed.
    if (this.known.has(file) || /\.[cm]?jsx?$/.test(file.fileName)) return;
    this.known.add(file);
    const { fileName, text, languageVersion, impliedNodeFormat } = file;
    const options = { languageVersion, impliedNodeFormat, jsDocParsingMode: ts.JSDocParsingMode.ParseAll };
    copy(ts.createSourceFile(fileName, text, options, true), file);
  }

  /** Add all that TypeScript may take for the docstring of a name: those of what it declares, is a type of, or overrides. */
  addFor(name: ts.Node, checker: ts.TypeChecker): void {
    const symbol = checker.getSymbolAtLocation(name);
    if (!symbol) return;
    const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
    const type = checker.getTypeOfSymbolAtLocation(target, name);
    const signatures = [...type.getCallSignatures(), ...type.getConstructSignatures()];
    const declarations = [
      ...[symbol, target, type.symbol as ts.Symbol | undefined, type.aliasSymbol].flatMap(
        each => each?.declarations ?? [],
      ),
      ...signatures.map(signature => signature.getDeclaration() as ts.Node | undefined),
    ];
    const seen = new Set<ts.Node>();
    for (const declaration of declarations) if (declaration) this.addWithBases(declaration, checker, seen);
  }

  private addWithBases(declaration: ts.Node, checker: ts.TypeChecker, seen: Set<ts.Node>): void {
    this.addTo(declaration.getSourceFile());
    const owner = ts.findAncestor(declaration, isClassOrInterface);
    if (!owner || seen.has(owner)) return;
    seen.add(owner);
    const bases = (owner.heritageClauses ?? []).flatMap(({ types }) => [...types]);
    for (const base of bases)
      for (const other of checker.getTypeAtLocation(base).getSymbol()?.declarations ?? [])
        this.addWithBases(other, checker, seen);
  }
}

function isClassOrInterface(node: ts.Node): node is ts.ClassLikeDeclaration | ts.InterfaceDeclaration {
  return ts.isClassLike(node) || ts.isInterfaceDeclaration(node);
}

/** From one tree to another of the same text. */
function copy(from: Documented, to: Documented): void {
  if (from.jsDoc) {
    to.jsDoc = from.jsDoc;
    for (const doc of from.jsDoc) Object.assign(doc, { parent: to }); // from where names in it are looked up
  }
  const nodes: ts.Node[] = [];
  ts.forEachChild(to, node => void nodes.push(node));
  let i = 0;
  ts.forEachChild(from, node => copy(node, nodes[i++]));
}
