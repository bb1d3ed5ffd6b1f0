/** A signal that is aborted when the process is asked to end. */

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
    process.once('disconnect', stop)
  } else {
    process.on('SIGINT', request)
  }
  return controller.signal
}
