import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connect, shownAddress } from '../../../lib/search/queue/connect';
import { redisServer, skip } from '../../support/redis';

const appending = ['--appendonly', 'yes', '--save', ''];

test('an address is shown without its password', () => {
  assert.equal(shownAddress('rediss://me:se/cr@t@host:6379/1'), 'rediss://***@host:6379/1');
  assert.equal(shownAddress('redis://:secret@host'), 'redis://***@host');
  assert.equal(shownAddress('redis://host:6379'), 'redis://host:6379');
});

test('what is no address, or has nobody behind it, is said', async () => {
  for (const url of ['localhost:6379', 'http://localhost', 'redis://', '6379']) {
    await assert.rejects(
      connect(url),
      /^UserError: Expected the address of a queue such as redis:\/\/host:6379/,
      url,
    );
  }
  await assert.rejects(connect('redis://:secret@127.0.0.1:1'), ({ message }: Error) => {
    assert.match(
      message,
      /^Expected Redis at redis:\/\/\*\*\*@127\.0\.0\.1:1, found ECONNREFUSED: start it there/,
    );
    assert.doesNotMatch(message, /secret/);
    return true;
  });
});

test('a password stands in the address; a wrong one is refused and not shown', { skip }, async () => {
  const { url } = await redisServer([...appending, '--requirepass', 'secret']);
  const host = url.slice('redis://'.length);
  (await connect(`redis://:secret@${host}`)).disconnect();
  await assert.rejects(connect(`redis://:wrong@${host}`), /redis:\/\/\*\*\*@\S+, found WRONGPASS/);
  await assert.rejects(connect(url), /found NOAUTH/);
});

test('a server that would lose trials is refused, with the remedy', { skip }, async () => {
  const { url } = await redisServer(['--maxmemory-policy', 'allkeys-lru', '--save', '']);
  await assert.rejects(
    connect(url),
    /found the maxmemory-policy allkeys-lru, .* CONFIG SET maxmemory-policy noeviction/,
  );
  const other = await redisServer(['--save', '']);
  await assert.rejects(
    connect(other.url),
    /found neither an append-only file nor snapshots, .* CONFIG SET appendonly yes/,
  );
});
