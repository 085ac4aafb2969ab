/** What a rewritten cell (compiler/rewrite.ts) asks of the kernel while it runs. */
import { pathToFileURL } from 'node:url';
import {
  importModule,
  loadModule,
  type LoadedModule,
  type ModuleParameters,
  type ModuleScope,
} from './imports';
import { check, stopFlags } from './stopping';
import type { Variable, Variables } from './variables';
import { iterate, wait } from './waiting';

/** What the last expression of a cell gave. In an object: a promise is a result like any other, not to be awaited. */
export interface CellResult {
  value: unknown;
}

/** A cell as a function; no result where it does not end with an expression. */
export type CellMain = (
  scope: Variables,
  cell: CellCode,
  ...parameters: ModuleParameters
) => Promise<CellResult | undefined>;

export class CellCode {
  /** Not 0 when a cell was stopped: then `check` tells whether it was this one. */
  readonly stopped = stopFlags;
  readonly check = check;
  readonly wait = wait;
  readonly iterate = iterate;
  /** Those whose declaration has been executed. */
  readonly names = new Set<string>();
  /** `import.meta` */
  readonly meta: { url: string; filename: string; dirname: string };

  constructor(private readonly modules: ModuleScope) {
    const { filename, folder } = modules;
    this.meta = { url: pathToFileURL(filename).href, filename, dirname: folder };
  }

  reached(...names: string[]): void {
    for (const name of names) this.names.add(name);
  }

  declareVar(variable: Variable): void {
    variable.declareVar();
  }

  load(path: string): Promise<LoadedModule> {
    const { require, filename } = this.modules;
    return loadModule(path, require, filename);
  }

  link(variable: Variable, module: LoadedModule, exported: string): void {
    variable.link(() => module(exported));
  }

  /** `export { a as b }` */
  alias(variable: Variable, original: Variable): void {
    variable.link(() => original.value);
  }

  importDynamically(path: unknown): Promise<unknown> {
    const { require, filename } = this.modules;
    return importModule(path, require, filename);
  }
}
