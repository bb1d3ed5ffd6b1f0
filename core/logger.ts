/** What a part needs to write log lines: a fixed sentence plus fields. Never article text, never a person's address. */
export interface Logger {
  debug(fields: object, sentence: string): void
  info(fields: object, sentence: string): void
  /** Nothing was lost, but somebody may want to know. */
  warn(fields: object, sentence: string): void
  /** A person must act. */
  error(fields: object, sentence: string): void
}

export const silentLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
}
