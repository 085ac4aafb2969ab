/** The one form of all commands: help with examples, and complaints that say what was expected, found and meant. */
import { Command, CommanderError, Help, type Argument, type Option } from 'commander';
import { didYouMean } from '../lib/base/did_you_mean';
import { UserError } from '../lib/base/errors';
import { setPlace } from '../lib/base/remedy';
import { checkSwallowedOptions } from './swallowed_options';

/** Columns of an option with its value; the description of a longer one begins on the next line. */
const termWidth = 24;

class CommandHelp extends Help {
  override padWidth(): number {
    return termWidth;
  }

  override optionDescription({ description }: Option): string {
    return description; // range and default are in it: see options.ts
  }

  override argumentDescription({ description }: Argument): string {
    return description;
  }

  override formatItem(term: string, width: number, description: string, helper: Help): string {
    const [indent, gap] = ['  ', '  '];
    const space = (this.helpWidth ?? 80) - indent.length - width - gap.length;
    const below = `\n${' '.repeat(indent.length + width + gap.length)}`;
    const text = description
      .split('\n')
      .map(line => helper.boxWrap(line, space))
      .join('\n')
      .replaceAll('\n', below);
    return `${indent}${term.length > width ? term + below : term.padEnd(width) + gap}${text}`;
  }
}

export class NpmCommand extends Command {
  /**
   * @param typed how it is started: `npm run train`
   * @param summary one sentence
   * @param examples arguments that can be tried as they are: `--cell lstm --epochs 1`
   */
  constructor(
    readonly typed: string,
    summary: string,
    readonly examples: readonly string[],
  ) {
    super(typed);
    this.description(summary)
      .helpOption('-h, --help', 'show this help')
      .usage(`${dashes(typed)}[options]`)
      .exitOverride()
      .configureOutput({ outputError: () => {} }); // start() tells the user
  }

  override createHelp(): Help {
    return Object.assign(new CommandHelp(), { minWidthToWrap: 20 });
  }

  override helpInformation(context?: Parameters<Command['helpInformation']>[0]): string {
    const lines = this.examples.map(example => `  ${this.typed} ${dashes(this.typed, example)}${example}`);
    return `${super.helpInformation(context)}\nExamples:\n${lines.map(line => line.trimEnd()).join('\n')}\n`;
  }

  /** Each option may be given once: which of two values was meant cannot be known. */
  override addOption(option: Option): this {
    const name = `--${option.name()}`;
    this.on(`option:${option.name()}`, (value: unknown) => {
      if (!option.variadic && this.getOptionValueSource(option.attributeName()) === 'cli') {
        throw new UserError(`Expected ${name} once, found it twice: leave one out`);
      }
      if (typeof value === 'string' && /^--[a-z]/.test(value)) {
        throw new UserError(`Expected a value after ${name}, found the option ${value}: ${option.flags}`);
      }
    });
    return super.addOption(option);
  }

  /** What commander complains of, in the words that the whole project uses. */
  complaint({ code, message }: CommanderError): string {
    const quoted = /'([^']*)'/.exec(message)?.[1] ?? '';
    const help = `${this.typed} ${dashes(this.typed)}--help lists what there is`;
    switch (code) {
      case 'commander.unknownOption': {
        const [option] = quoted.split('=');
        const word = option.replace(/^-+(?:\w+\.)?/, ''); // --cell.forgetBias is the setting forgetBias of cell
        const known = this.options.map(each => `--${each.name()}`);
        return `Expected an option of ${this.typed}, found ${option}${didYouMean(word, known)}\n${help}`;
      }
      case 'commander.optionMissingArgument':
        return `Expected a value after ${quoted.split(' ')[0]}, found none: ${quoted}\n${help}`;
      case 'commander.missingArgument':
        return `Expected <${quoted}> after ${this.typed} --, found nothing\n${help}`;
      case 'commander.excessArguments': {
        const most = this.registeredArguments.length;
        const expected = most === 0 ? 'options only' : `at most ${most} argument${most > 1 ? 's' : ''}`;
        return `Expected ${expected}, found ${this.args.join(' ')}: each option begins with two dashes\n${help}`;
      }
      default:
        return message;
    }
  }
}

/** npm hands on what stands after two dashes; ts-node needs none, and neither do plain words. */
function dashes(typed: string, args = '-'): string {
  return typed.startsWith('npm ') && args.split(' ').some(word => word.startsWith('-')) ? '-- ' : '';
}

/**
 * Run the command with this process's arguments. A mistake of the user ends it with status 1 and its message alone.
 */
export async function start(command: NpmCommand, args: string[] = process.argv.slice(2)): Promise<void> {
  setPlace('shell');
  try {
    checkSwallowedOptions(command, args, process.env);
    await command.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return; // the help was asked for
    const known = error instanceof CommanderError ? command.complaint(error) : undefined;
    console.error(known ?? (error instanceof UserError ? error.message : error));
    process.exitCode = 1;
  }
}
