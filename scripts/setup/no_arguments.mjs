// The commands that run before any package is installed take no arguments; they have the same form of help as others.

/** With `--help` shows the help and ends, with anything else says that there are no arguments. */
export function takeNoArguments(command, summary, args = process.argv.slice(2)) {
  if (args.length === 0) return;
  if (args.every(arg => ['-h', '--help'].includes(arg))) {
    const help = '  -h, --help                show this help';
    console.log(`Usage: ${command}\n\n${summary}\n\nOptions:\n${help}\n\nExamples:\n  ${command}`);
    process.exit(0);
  }
  console.error(`Expected no arguments after ${command}, found ${args.join(' ')}: leave them out`);
  process.exit(1);
}
