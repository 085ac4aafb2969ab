/** Questions to the user, over the stdin socket. tslab 1.0.22 opens that socket and never uses it. */
import { UserError } from '../lib/base/errors';
import { currentCell } from './cell';
import { createMessage, type Message } from './jupyter/message';

export class Input {
  /** Questions asked, by id. */
  private readonly asked = new Map<string, (answer: string) => void>();

  constructor(private readonly send: (request: Message) => void) {}

  /** @throws UserError where nobody can answer: a notebook that a program runs */
  ask(prompt: string, password = false): Promise<string> {
    const request = currentCell()?.request;
    if (request?.content.allow_stdin !== true) {
      const message =
        'Expected a front end that can ask for input, found a run without a user: run this cell by hand';
      return Promise.reject(new UserError(message));
    }
    const question = createMessage('input_request', { prompt, password }, request);
    return new Promise(resolve => {
      this.asked.set(question.header.msg_id, resolve);
      this.send(question);
    });
  }

  /** An input_reply. */
  receive({ parentHeader, content }: Message): void {
    // Some front ends leave the parent out; then it answers the question asked last.
    const id = parentHeader.msg_id ?? [...this.asked.keys()].pop() ?? '';
    this.asked.get(id)?.(String(content.value));
    this.asked.delete(id);
  }
}
