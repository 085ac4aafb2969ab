/**
 * Something that the user can fix. Its message says what was expected, what was found and what to do; programs
 * print the message alone, without a stack.
 */
export class UserError extends Error {
  override readonly name: string = 'UserError';
}
