/** What a command tells a person before it ends with exit code 1: one line that can be acted on, no stack. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
}
