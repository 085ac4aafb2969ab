/** The examples in the docstrings of lib/: `npm run typecheck` checks their types, and a test runs them. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import ts from 'typescript';
import * as scanline from '../lib';
import { root } from './child_process';

export interface DocExample {
  /** From the project's folder: `lib/rnn/weights.ts`. */
  readonly file: string;
  /** Of the file, 1 for the first: where the code begins. */
  readonly line: number;
  readonly code: string;
}

/** What an example takes for granted, as if it stood in a notebook: names, and their types in `lib/index.ts`. */
export const given: Readonly<Record<string, string>> = {
  mnist: 'DataSets',
  run: 'TrainingRun',
  tutorial: 'TrainingRun',
  faster: 'TrainingRun',
  model: 'SequenceClassifier',
  network: 'RNNCell',
  rows: 'tf.Tensor2D[]',
  images: 'tf.Tensor3D',
};

/** All of them, in the order of the files. */
export function docExamples(): DocExample[] {
  return sourceFiles().flatMap(file => {
    const text = readFileSync(join(root, file), 'utf8');
    return [...text.matchAll(/^ *\* @example\n((?: *\*(?!\/| @).*\n)+)/gm)].map(({ index, 1: block }) => ({
      file,
      line: text.slice(0, index).split('\n').length + 1,
      code: block.replace(/^ *\* ?/gm, ''),
    }));
  });
}

/**
 * The example as a module beside its file, with what it uses of the library in one line before it: what `lib/index.ts`
 * and its own file export, and what is given.
 */
export function moduleOf({ file, code }: DocExample): string {
  const used = namesIn(code);
  const own = [...new Set(exportsOf(file))].filter(name => used.has(name));
  const shared = publicNames().filter(name => used.has(name) && !own.includes(name));
  const values = Object.keys(given).filter(name => used.has(name));
  const index = relative(dirname(file), join('lib', 'index')).split('\\').join('/');
  const path = index.startsWith('.') ? index : `./${index}`;
  return [
    `import { ${shared.join(', ')} } from '${path}'; `,
    `import { ${own.join(', ')} } from './${basename(file, '.ts')}'; `,
    `import type * as given from '${path}'; `,
    ...values.map(name => `declare const ${name}: given.${given[name]}; `),
    `\n${code}\nexport {};`,
  ].join('');
}

/** The names that the code uses and does not declare itself. */
export function namesIn(code: string): Set<string> {
  const used = new Set<string>();
  const declared = new Set<string>();
  const visit = (node: ts.Node) => {
    if (ts.isIdentifier(node)) used.add(node.text);
    const isDeclaration = ts.isVariableDeclaration(node) || ts.isBindingElement(node) || ts.isClassLike(node);
    if (isDeclaration && node.name && ts.isIdentifier(node.name)) declared.add(node.name.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('example.ts', code, ts.ScriptTarget.ES2022));
  return new Set([...used].filter(name => !declared.has(name)));
}

/** Values and types that `lib/index.ts` exports, itself or through the index of a folder. */
function publicNames(): string[] {
  const indexes = sourceFiles().filter(file => /^lib\/(\w+\/)?index\.ts$/.test(file));
  const texts = indexes.map(file => readFileSync(join(root, file), 'utf8')).join('\n');
  const lists = [...texts.matchAll(/^export type \{([^}]*)\}/gm)].flatMap(
    ([, names]) => names.match(/\w+/g) ?? [],
  );
  const single = [...texts.matchAll(/\btype (\w+)/g)].map(([, name]) => name);
  return [...new Set([...Object.keys(scanline), ...lists, ...single])];
}

/** Values and types that the file itself exports. */
function exportsOf(file: string): string[] {
  const declarations =
    /^export (?:declare )?(?:abstract )?(?:async )?(?:const|function|class|interface|type) (\w+)/gm;
  return [...readFileSync(join(root, file), 'utf8').matchAll(declarations)].map(([, name]) => name);
}

function sourceFiles(): string[] {
  const names = readdirSync(join(root, 'lib'), { recursive: true, encoding: 'utf8' });
  const sources = names.filter(name => /(?<!\.d)\.ts$/.test(name)).sort();
  return sources.map(name => `lib/${name.split('\\').join('/')}`);
}
