/** The servers that the settings name: whether they can be used, in a line each, for `doctor` and for starting. */
import type { Config } from '../config/config.ts'
import { ConfigError } from '../core/errors.ts'
import type { Clock } from '../core/ports.ts'
import { elasticsearchOptions, kafkaConnection } from './parts.ts'
import type { WorkerName } from './supervise.ts'

/** What is wrong with Kafka, a line each; none when all is well or no Kafka is used. */
export async function kafkaProblems(config: Config): Promise<readonly string[]> {
  const { kind, kafka } = config.settings.stream
  if (kind !== 'kafka') return []
  const { checkKafka } = await import('../stream/kafka-check.ts')
  return checkKafka({ ...kafkaConnection(config), prefix: kafka.prefix })
}

/** What was found, in words. @throws ConfigError with one line that says what to do. */
export async function elasticsearchFound(config: Config): Promise<string> {
  const { checkElasticsearch } = await import('../index/elasticsearch-store.ts')
  return checkElasticsearch(elasticsearchOptions(config))
}

/** Those that search. The others never speak to the index. */
const SEARCHING: readonly WorkerName[] = ['index', 'web']

const TRIES = 5
const PAUSE_MS = 2_000

/**
 * Looked at once, before the work begins: later on a server that is away is waited for.
 * @throws ConfigError with a line for each thing that is wrong. A server that is just starting has some seconds.
 */
export async function requireServers(
  name: WorkerName,
  config: Config,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      const problems = await kafkaProblems(config)
      if (problems.length > 0) throw new ConfigError(problems.join('\n'))
      if (config.settings.index.kind === 'elasticsearch' && SEARCHING.includes(name))
        await elasticsearchFound(config)
      return
    } catch (thrown) {
      if (!(thrown instanceof ConfigError) || tries === TRIES || signal.aborted) throw thrown
      await clock.sleep(PAUSE_MS, signal)
    }
  }
}
