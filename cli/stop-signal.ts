/** A signal that is aborted when the process is asked to end. */

const LONGEST_END_MS = 10_000

/** Aborted by SIGTERM, by Ctrl-C, or by the parent's death; a second request of a person ends the process at once. */
export function stopOnRequest(): AbortSignal {
  const controller = new AbortController()
  const stop = (): void => controller.abort()
  const request = (): void => {
    if (controller.signal.aborted) process.exit(130)
    stop()
  }
  process.on('SIGTERM', request)
  if (process.channel) {
    // Ctrl-C reaches the whole group: the parent decides and sends SIGTERM. Without a parent a worker must not live on.
    process.on('SIGINT', () => undefined)
    process.once('disconnect', () => {
      stop()
      // Nobody is left who would end a worker that hangs.
      setTimeout(() => process.exit(), LONGEST_END_MS).unref()
    })
  } else {
    process.on('SIGINT', request)
  }
  return controller.signal
}
