/** What kafkajs may still throw for a client that was closed: nobody waits for it, and nothing depends on it. */

/** A request has timed out by then. */
const LATEST_MS = 60_000

let closedAt: number | undefined

/** Remembers each time that the client is closed. */
export function noteClosing<T extends { disconnect(): Promise<void> }>(client: T): T {
  const disconnect = client.disconnect.bind(client)
  client.disconnect = () => {
    closedAt = performance.now()
    return disconnect()
  }
  return client
}

/**
 * Whether this was thrown by kafkajs soon after a client was closed. An error does not say whose it is; where it was that
 * of another client, a consumer that has died so is missed by its session.
 */
export function isLeftover(thrown: unknown): boolean {
  return closedAt !== undefined && performance.now() - closedAt < LATEST_MS && isOfKafkajs(thrown)
}

/** Some that it throws are plain errors. */
function isOfKafkajs(thrown: unknown): boolean {
  if (!(thrown instanceof Error)) return false
  const [, top = ''] = thrown.stack?.split(/\n\s+at /u) ?? []
  return thrown.name.startsWith('KafkaJS') || /[/\\]node_modules[/\\]kafkajs[/\\]/u.test(top)
}
