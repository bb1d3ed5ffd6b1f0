/** What was thrown where nobody listens: said in one line, and the end of the process, in order. */
import { reasonOf } from '../core/errors.ts'
import type { Logger } from '../core/logger.ts'
import { isLeftover } from '../stream/kafka-leftover.ts'
import { EXIT } from './exit.ts'

/**
 * From here on the process no longer dies of it by itself: `end` is called, as with a request to end, and the exit code
 * is that of a failure, so that it is started again. Answers how to end this.
 */
export function hearUncaught({
  logger,
  end,
}: {
  readonly logger: Logger
  readonly end: (thrown: unknown) => void
}): () => void {
  // Node brings promises that were rejected here, too.
  const hear = (thrown: unknown): void => {
    const fields = { reason: reasonOf(thrown), ...(thrown instanceof Error && { stack: thrown.stack }) }
    if (isLeftover(thrown)) {
      logger.warn(
        fields,
        'kafkajs has thrown where nobody listens, for a client that was closed; work goes on',
      )
      return
    }
    logger.error(
      fields,
      'something was thrown where nobody listens; the process ends and must be started again',
    )
    process.exitCode = EXIT.failure
    end(thrown)
  }
  process.on('uncaughtException', hear)
  return () => void process.off('uncaughtException', hear)
}
