/** A network's card: Markdown with YAML in front, as model hubs show it (huggingface.co/docs/hub/model-cards). */
import { percent, showValue } from '../base/format';
import type { SequenceClassifier } from '../model/model';
import { countParameters } from '../rnn/weights';
import type { Source } from './source';

export function modelCard(source: Source): string {
  return [frontMatter(source), ...sections(source)].join('\n');
}

/** A JSON string is one of YAML too. */
const yaml = JSON.stringify;

function frontMatter({ name, image, ...source }: Source): string {
  const { testError } = tested(source);
  const cell = cellOf(source);
  const images = `${image.rows} × ${image.columns} pixels, ${numClassesOf(source.model)} classes`;
  const result = testError !== undefined && [
    'model-index:',
    `  - name: ${yaml(name)}`,
    '    results:',
    '      - task:',
    '          type: image-classification',
    '        dataset:',
    '          type: images',
    `          name: ${yaml(images)}`,
    '        metrics:',
    '          - type: accuracy',
    `            value: ${1 - testError}`,
  ];
  const tags = ['image-classification', 'recurrent-neural-network', ...(cell ? [cell] : [])];
  return [
    '---',
    'library_name: scanline',
    'pipeline_tag: image-classification',
    'tags:',
    ...tags.map(tag => `  - ${yaml(tag)}`),
    ...(result || []),
    '---',
    '',
  ].join('\n');
}

function sections(source: Source): string[] {
  const { name, model, image, run, info } = source;
  const { testError, step } = tested(source);
  const settings = settingsOf(source);
  const digest = info && typeof info.dataDigest !== 'string' ? info.dataDigest : undefined;
  const versions = run?.info.versions;
  return [
    `# ${name}`,
    '',
    `A recurrent network that reads an image as a sequence: ${image.rows} × ${image.columns} pixels, 0 to 1, into ` +
      `${numClassesOf(model)} classes; ${countParameters(model).toLocaleString('en')} parameters.`,
    '',
    ...table('Training', [
      ['test error', testError === undefined ? '' : percent(testError)],
      ['after training step', step === undefined ? '' : String(step)],
      ['Scanline', versions?.scanline ?? ''],
      ['TensorFlow', versions?.tensorflow ?? ''],
      ['Node', versions?.node ?? ''],
      ['commit', run?.info.commit ?? ''],
    ]),
    ...table(
      'Settings',
      Object.entries(settings ?? {}).map(([key, value]) => [key, showValue(value)]),
    ),
    ...table(
      'Data (SHA-256)',
      (['train', 'test'] as const).flatMap(set =>
        (['images', 'labels'] as const).map(part => [`${set} ${part}`, digest?.[set][part] ?? '']),
      ),
    ),
    ...table(
      'Weights',
      Object.entries(model.variables).map(([key, { shape }]) => [key, shape.join(' × ')]),
    ),
    'With [Scanline](https://www.npmjs.com/package/scanline):',
    '',
    '```ts',
    "loadWeights(model, 'model.safetensors');",
    '```',
    '',
  ];
}

/** Rows without a value are left out; without rows there is no table. */
function table(title: string, rows: (readonly string[])[]): string[] {
  const known = rows.filter(([, value]) => value !== '');
  if (known.length === 0) return [];
  const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
  const lines = known.map(row => `| ${row.map(cell).join(' | ')} |`);
  return [`## ${title}`, '', '| | |', '|---|---|', ...lines, ''];
}

const settingsOf = ({ info, run }: Pick<Source, 'info' | 'run'>) =>
  info?.hyperparameters ?? run?.hyperparameters;

/** Of these weights; for a run that goes on in this process, of its last test. */
function tested({ info, run }: Pick<Source, 'info' | 'run'>): { testError?: number; step?: number } {
  if (info) {
    const point = run?.test.find(({ step }) => step === info.step);
    // A test between two checkpoints is one of the raw weights.
    const found = info.hyperparameters.averageDecay > 0 ? undefined : point?.testError;
    return { testError: info.testError ?? found, step: info.step };
  }
  const last = run?.test[run.test.length - 1];
  return last ? { testError: last.testError, step: last.step } : {};
}

function cellOf(source: Pick<Source, 'info' | 'run'>): string | undefined {
  const cell = settingsOf(source)?.cell as { kind?: string } | undefined;
  return cell?.kind;
}

function numClassesOf({ madeFor, parts, variables }: SequenceClassifier): number | string {
  return (
    madeFor?.numClasses ?? parts?.output.bias.shape[0] ?? variables['output/bias']?.shape[0] ?? 'several'
  );
}
