/** What can happen to a file: each changes it in place. */
import { mkdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import type { Random } from '../../lib/base/random';

export type Mutation = (path: string, random: Random) => void;

const rewrite =
  (change: (bytes: Buffer, random: Random) => Buffer): Mutation =>
  (path, random) =>
    writeFileSync(path, change(readFileSync(path), random));

/** Values that no file of a run has, in the place of a number or a string. */
const hostile = [
  ...['NaN', '1e999', '-1', '-7', '1e300', '0.5', 'null', '{}', '[]', '"7"', '""', '"constructor"', 'true'],
  ...['"<img src=x onerror=alert(1)>"', '"javascript:alert(1)"', '"../../../etc"'],
];

/** By what they do. */
export const mutations: Record<string, Mutation> = {
  'a bit flipped': rewrite((bytes, random) => {
    bytes[random.integer(bytes.length)] ^= 1 << random.integer(8);
    return bytes;
  }),
  'a digit changed': rewrite((bytes, random) => {
    const places = [...bytes.keys()].filter(i => bytes[i] >= 48 && bytes[i] <= 57);
    const place = places[random.integer(places.length)];
    bytes[place] = 48 + ((bytes[place] - 48 + 1 + random.integer(9)) % 10);
    return bytes;
  }),
  'a hostile value': rewrite((bytes, random) => {
    const text = bytes.toString('latin1');
    const values = [...text.matchAll(/(?<=[:[,] ?)(-?\d[\d.e+-]*|"[^"\\]*"(?!:))/g)];
    const { index = 0, 0: old } = values[random.integer(values.length)];
    const value = hostile[random.integer(hostile.length)];
    return Buffer.from(text.slice(0, index) + value + text.slice(index + old.length), 'latin1');
  }),
  cut: (path, random) => truncateSync(path, random.integer(statSync(path).size)),
  emptied: path => truncateSync(path),
  missing: path => rmSync(path),
  'a folder instead': path => {
    rmSync(path);
    mkdirSync(path);
  },
  'bytes that are no UTF-8': rewrite((bytes, random) => {
    const place = random.integer(bytes.length);
    return Buffer.concat([bytes.subarray(0, place), Buffer.from([0xff, 0xc0]), bytes.subarray(place)]);
  }),
  'UTF-16': rewrite(bytes => Buffer.from(bytes.toString('latin1'), 'utf16le')),
  'a byte order mark': rewrite(bytes => Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes])),
  'line ends of Windows': rewrite(bytes =>
    Buffer.from(bytes.toString('latin1').replaceAll('\n', '\r\n'), 'latin1'),
  ),
  'zeros at the end': rewrite(bytes => Buffer.concat([bytes, Buffer.alloc(100)])),
  'a line doubled': rewrite((bytes, random) => {
    const lines = bytes.toString('latin1').split('\n');
    const place = random.integer(lines.length);
    return Buffer.from([...lines.slice(0, place), lines[place], ...lines.slice(place)].join('\n'), 'latin1');
  }),
  'a line left out': rewrite((bytes, random) => {
    const lines = bytes.toString('latin1').split('\n');
    lines.splice(random.integer(lines.length - 1), 1);
    return Buffer.from(lines.join('\n'), 'latin1');
  }),
};
