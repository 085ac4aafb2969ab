/** Runs cells: one after the other, each with the variables of all before it. */
import { join } from 'node:path';
import vm from 'node:vm';
import { currentKernel } from '../lib/display/kernel_api';
import { breakable } from './breakable';
import type { Cell } from './cell';
import { CellCode, type CellMain, type CellResult } from './cell_code';
import { CellCompiler } from './compiler/compiler';
import type { Completion } from './compiler/completion';
import type { Describer } from './compiler/describer';
import type { Help } from './compiler/help';
import { keepCompiler } from './compiler/load_compiler';
import { PageCompiler } from './compiler/page';
import { getCodeMetadata } from './compiler/tslab';
import { createModuleScope } from './imports';
import { showLastValue } from './last_value';
import { setMemoryModule } from './memory_modules';
import { grace } from './stopping';
import { Variables } from './variables';

export class Runner {
  private readonly compiler: CellCompiler;
  /** Made when first needed. */
  private page: PageCompiler | undefined;
  private readonly variables = new Variables();
  private readonly modules;

  /** @param folder the notebook's */
  constructor(private readonly folder: string) {
    this.compiler = new CellCompiler(folder);
    this.modules = createModuleScope(folder);
  }

  /** Compile and run a cell, and show its result; rejects with whatever it throws. */
  async execute(code: string, cell: Cell): Promise<CellResult | undefined> {
    const { module, jsx, mode } = getCodeMetadata(code);
    if (module) {
      setMemoryModule(join(this.folder, `${module}.${jsx ? 'tsx' : 'ts'}`), code);
      this.compiler.checkModule(module);
      return undefined;
    }
    if (mode === 'browser') {
      const html = (this.page ??= new PageCompiler(this.folder)).compile(code, cell.label);
      currentKernel()?.display({ 'text/html': html });
      return undefined;
    }
    return this.run(code, cell, cell.request.content.silent !== true);
  }

  /** The value of an expression, which is not shown. */
  evaluate(expression: string, cell: Cell): Promise<CellResult | undefined> {
    return this.run(`(${expression}\n)`, cell, false);
  }

  private async run(code: string, cell: Cell, isShown: boolean): Promise<CellResult | undefined> {
    const { code: output, scriptName, keep } = this.compiler.compile(code, cell.label);
    const script = new vm.Script(`(function () {\n${output}\n})()`, { filename: scriptName, lineOffset: -1 });
    const cellCode = new CellCode(this.modules);
    const given = new Promise<never>((_, reject) =>
      cell.waiting.add(reason => setTimeout(reject, grace, reason)),
    );
    try {
      const main = script.runInThisContext() as CellMain;
      const run = breakable(() => main(this.variables, cellCode, ...this.modules.parameters));
      const result = await Promise.race([run, given]);
      if (result && isShown) await Promise.race([showLastValue(result.value, cell), given]);
      return result;
    } finally {
      if (cell.stoppedAt !== undefined) cell.over = true;
      keep(cellCode.names);
      keepCompiler();
    }
  }

  complete(code: string, position: number): Completion {
    return this.compiler.complete(code, position);
  }

  inspect(code: string, position: number): Help | undefined {
    return this.compiler.inspect(code, position);
  }

  /** What a module has to say of a property; loads the module if no cell has done so yet. */
  describe({ module, exported, path, siblings }: Describer): string | undefined {
    try {
      // Of an installed package TypeScript reads the types beside the code.
      const exports = this.modules.require(module.replace(/\.d\.ts$/, '.js')) as Record<
        string,
        (...details: unknown[]) => unknown
      >;
      const text = exports[exported](path, siblings);
      return typeof text === 'string' ? text : undefined;
    } catch {
      return undefined; // the cell that imports it says why
    }
  }
}
