/** Cells for the browser (`@browser` in their first comment): their code runs in the page, and knows no other cell. */
import ts from 'typescript';
import { declaredIn } from './declared';
import { createCellService, type CellService } from './service';
import { TypeChecks } from './type_errors';

export class PageCompiler {
  private readonly service: CellService;

  constructor(private readonly folder: string) {
    this.service = createCellService(folder, ['lib.dom.d.ts', 'lib.dom.iterable.d.ts']);
  }

  /** @returns HTML @throws TypeScriptError */
  compile(code: string, label: string): string {
    const { path } = this.service;
    const before = 'export {};\n';
    const whole = before + code;
    const declared = declaredIn(ts.createSourceFile('cell.ts', code, ts.ScriptTarget.Latest));
    const program = this.service.programOf(whole);
    const text = { whole, start: before.length, end: whole.length, declared };
    new TypeChecks(this.folder, () => undefined).check(program, path, text, label);
    let output = '';
    program.emit(program.getSourceFile(path), (_, script) => (output = script));
    const script = output.replace(/\/\/# sourceMappingURL=.*\s*$/, '').replace(/<\/(script)/gi, '<\\/$1');
    return `<script type="module">\n${script}</script>`;
  }
}
