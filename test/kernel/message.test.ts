/** Jupyter's messages on the wire. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMessage, decodeMessage, encodeMessage, type Header } from '../../kernel/jupyter/message';

const key = 'secret';

test('a message is read as it was sent, with what else stands in its header', () => {
  const message = createMessage('execute_request', { code: '1 + 1' }, undefined, {
    buffers: [Buffer.of(1, 2)],
  });
  const sent = { ...message, header: { ...message.header, subshell_id: 'a' } };
  assert.deepEqual(decodeMessage(encodeMessage(sent, key), key), sent);
});

test('what is signed and yet no message is refused', () => {
  const message = createMessage('execute_request', {});
  const header: Partial<Header> = { ...message.header };
  delete header.msg_type;
  const withoutType = encodeMessage({ ...message, header: header as Header }, key);
  assert.throws(() => decodeMessage(withoutType, key), /msg_type/);
  const withList = encodeMessage({ ...message, content: [] as never }, key);
  assert.throws(() => decodeMessage(withList, key), /expected record/);
});
