/**
 * tslab's compiler of cells, repaired. tslab 1.0.22
 * - finds `await` by a rule of its own, which takes `await (x)`, `await [x]` and `for await` for syntax errors when a
 *   cell has no other `await`: here a cell with the word in it runs as an async function;
 * - gives cells no name and no source map, so that traces point into emitted JavaScript;
 * - reloads a changed file, but not the files that import it.
 */
import { ts } from './typescript'; // before tslab
import type { TranspileOptions } from '@tslab/typescript-for-tslab';
import { createConverter, type Converter } from 'tslab/dist/converter';
import { currentCell } from '../cell';
import { unloadModules } from '../modules';
import { nameCell } from '../traces';
import { findChangedFiles } from './file_changes';
import { repairHost } from './host';
import { forgetCheckedFiles, repairTypeErrors } from './type_errors';

const mapComment = /^\/\/# sourceMappingURL=data:[^,]*;base64,(.*)\s*$/m;

/** The source maps of the cell compiled last: from its JavaScript to tslab's intermediate form, and on to the cell. */
let cellMaps: string[] = [];

/** tslab's second pass, from modern modules to `require`: asked to keep the source map. */
function repairSourceMaps(): void {
  const { transpileModule } = ts;
  ts.transpileModule = (input: string, options: TranspileOptions) => {
    const compilerOptions = { ...options.compilerOptions, inlineSourceMap: true };
    const result = transpileModule(input.replace(mapComment, ''), { ...options, compilerOptions });
    cellMaps = [result.outputText, input].map(code => mapComment.exec(code)?.[1] ?? '');
    return { ...result, outputText: result.outputText.replace(mapComment, '') };
  };
}

/** @param folder the notebook's */
export function createCellConverter(folder: string): Converter {
  repairHost(folder);
  repairTypeErrors();
  repairSourceMaps();
  const tslab = createConverter();
  return {
    ...tslab,
    convert(previous, source) {
      noticeChangedFiles();
      const result = tslab.convert(previous, source);
      const name = nameCell(currentCell()?.label ?? '<cell>', cellMaps, result.output ?? '');
      return {
        ...result,
        output: `${result.output}\n//# sourceURL=${name}`,
        hasToplevelAwait: /\bawait\b/.test(source),
      };
    },
    inspect(...place) {
      noticeChangedFiles();
      return tslab.inspect(...place);
    },
    complete(...place) {
      noticeChangedFiles();
      return tslab.complete(...place);
    },
  };
}

function noticeChangedFiles(): void {
  const changed = findChangedFiles();
  if (changed.length === 0) return;
  forgetCheckedFiles();
  unloadModules(changed);
}
