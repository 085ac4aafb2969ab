import type { Command, Option } from 'commander';
import { distance } from 'fastest-levenshtein';
import { UserError } from '../lib/base/errors';

const prefix = 'npm_config_';

/** A command and how it is typed: `npm run train`. */
type Typed = Pick<Command, 'options'> & { readonly typed: string };

/**
 * `npm run train --epochs 1`, without the two dashes in front of the options: npm takes `--epochs` for an option of its
 * own and hands on the 1 alone. All that is left of the option is a variable of the environment, `npm_config_epochs`.
 * @throws UserError that shows the line as it should be
 */
export function checkSwallowedOptions(
  command: Typed,
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
): void {
  const script = environment.npm_lifecycle_event;
  if (script === undefined || !new RegExp(`^npm (run )?${script}$`).test(command.typed)) return;
  const swallowed = Object.entries(environment).flatMap(([name, value = '']) => {
    const option = name.startsWith(prefix) && findOption(command, name.slice(prefix.length), value);
    return option ? [{ option, value }] : [];
  });
  if (swallowed.length === 0) return;
  // With several values it is not known which belongs to which option.
  const [only] = args.length === 1 && swallowed.length === 1 ? args : [];
  const words = swallowed.map(({ option, value }) => {
    const name = `--${option.name()}`;
    if (!option.required && !option.optional) return name;
    return `${name} ${value === 'true' ? (only ?? '…') : value.split('\n\n')[0] || '…'}`;
  });
  const names = swallowed.map(({ option }) => `--${option.name()}`).join(' and ');
  throw new UserError(
    `Expected ${command.typed} -- ${words.join(' ')}, found ${names} without the two dashes in front of the options: ` +
      'npm keeps what stands there for itself',
  );
}

/** The option that was meant, with one letter wrong perhaps: npm has options of its own that are not far from ours. */
function findOption(command: Typed, name: string, value: string): Option | undefined {
  // node-gyp's number of jobs, which people set in their environment; without a number it was an argument.
  if (name === 'jobs' && value !== 'true') return undefined;
  const edits = ({ long }: Option) =>
    distance(name.replaceAll('_', '-'), (long ?? '').replace(/^--(no-)?/, ''));
  const [option] = command.options.filter(each => edits(each) <= (name.length > 4 ? 1 : 0));
  // npm makes an empty value of `--no-training`.
  return option && (!option.negate || value === '') ? option : undefined;
}
