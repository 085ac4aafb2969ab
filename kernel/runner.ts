/** Runs cells: one after the other, each with the variables of all before it. */
import { join } from 'node:path';
import vm from 'node:vm';
import type ts from 'typescript';
import { currentCell } from './cell';
import { CellCode, type CellMain } from './cell_code';
import { CellCompiler, type Completion } from './compiler/compiler';
import { getCodeMetadata } from './compiler/tslab';
import { KeyboardInterrupt } from './errors';
import { createModuleScope } from './imports';
import { setMemoryModule } from './memory_modules';
import { Variables } from './variables';

export class Runner {
  private readonly compiler: CellCompiler;
  private readonly variables = new Variables();
  private readonly modules;
  /** Ends the waiting for the running cell. */
  private break: (reason: Error) => void = () => {};

  /** @param folder the notebook's */
  constructor(private readonly folder: string) {
    this.compiler = new CellCompiler(folder);
    this.modules = createModuleScope(folder);
  }

  /** Compile and run a cell; rejects with whatever it throws. */
  async execute(code: string): Promise<void> {
    const { module, jsx } = getCodeMetadata(code);
    if (module) {
      setMemoryModule(join(this.folder, `${module}.${jsx ? 'tsx' : 'ts'}`), code);
      return this.compiler.checkModule(module);
    }
    const label = currentCell()?.label ?? '<cell>';
    const { code: output, scriptName, keep } = this.compiler.compile(code, label);
    const script = new vm.Script(`(function () {\n${output}\n})()`, { filename: scriptName, lineOffset: -1 });
    const cell = new CellCode(this.modules);
    const broken = new Promise<never>((_, reject) => (this.break = reject));
    try {
      const main = script.runInThisContext() as CellMain;
      const run = main(this.variables, cell, ...this.modules.parameters);
      const result = await Promise.race([run, broken]);
      const value = result?.value;
      if (value !== undefined && value !== null) console.log(value);
    } finally {
      keep(cell.names);
    }
  }

  complete(code: string, position: number): Completion {
    return this.compiler.complete(code, position);
  }

  inspect(code: string, position: number): ts.QuickInfo | undefined {
    return this.compiler.inspect(code, position);
  }

  interrupt(): void {
    this.break(new KeyboardInterrupt('the cell was stopped'));
  }
}
