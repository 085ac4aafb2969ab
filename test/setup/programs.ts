/**
 * Programs that stand in for the computer's own: each notes how it was called, in $FAKES/calls, and does as much of
 * its work as the set-up looks at. They are shell scripts, so that starting one costs nothing.
 */
import { venvPython } from '../../scripts/child_process';

/** The set-up is to find nothing but these programs; they themselves need the system's own. */
const begin = (name: string) => `#!/bin/sh
PATH=/usr/bin:/bin
echo "${name} $*" >> "$FAKES/calls"
`;

/** Prints these lines and fails. */
export const failing = (name: string, lines: readonly string[]) =>
  `${begin(name)}cat <<'END'\n${lines.join('\n')}\nEND\nexit 1\n`;

/** `npm ci` replaces node_modules whole, as the real one does. */
export const npm = `${begin('npm')}
[ "$1" = --version ] && echo 11.0.0 && exit
rm -rf node_modules
cp -R "$FAKES/node_modules" .
`;

/** Writes what tfjs-node is to report as TensorFlow's version into the file that it was to compile. */
export const compiler = (name: string) => `${begin(name)}
[ "$1" = --version ] && echo 13.2.0 && exit
for target; do :; done
printf 2.21.0 > "$target"
`;

export interface PythonOptions {
  /** As `sys.version_info` has it. Default: that of the project's own Python. */
  version?: readonly [number, number, number];
  /** Modules of the standard library that cannot be imported. */
  lacks?: readonly string[];
  /** Is there a wheel of TensorFlow for it? Default true. */
  wheel?: boolean;
}

/**
 * Code (`-c`) is run by the project's own Python, which is told to be another. `-m venv` copies this script into the
 * new environment; `-m pip download tensorflow…` makes an empty wheel, of which empty files are unpacked.
 */
export function python(name: string, { version, lacks = [], wheel = true }: PythonOptions = {}): string {
  const pretend = [
    'import sys',
    ...(version ? [`sys.version_info = (${version.join(', ')})`] : []),
    ...lacks.map(module => `sys.modules['${module}'] = None`),
  ].join('\n');
  const noWheel = `echo "ERROR: No matching distribution found for $wheel"; exit 1`;
  return `${begin(name)}
packages="$(dirname "$0")/../packages"
case "$1 $2" in
"-m venv")
  for folder; do :; done
  mkdir -p "$folder/bin" "$folder/packages"
  cp "$0" "$folder/bin/python"
  echo "version = 3.12.1" > "$folder/pyvenv.cfg" ;;
"-m pip" | */newer/pip\\ *)
  for wheel; do [ "$last" = --dest ] && dest="$wheel"; last="$wheel"; done
  case "$wheel" in
  tensorflow*==*)
    ${wheel ? '' : noWheel}
    mkdir -p "$dest"
    touch "$dest/$(echo "$wheel" | tr - _ | sed s/==/-/)-py3-none-any.whl" ;;
  esac
  case "$3 $*" in
  "install "*requirements.txt*) echo library > "$packages/library.py" ;;
  esac ;;
*unpack_tensorflow.py*)
  mkdir -p "$3/include"
  cd "$3" || exit
  touch libtensorflow_cc.so.2 libtensorflow_framework.so.2 ;;
-c*)
  exec '${venvPython}' -S -c '${pretend.replaceAll("'", "'\\''")}
'"$2" ;;
esac
`;
}
