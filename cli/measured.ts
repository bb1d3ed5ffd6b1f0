/** Ports that count and time what passes through them. They change nothing else. */
import { Quarantine, RetryLater } from '../core/errors.ts'
import type { BatchHandler, Clock, EventLog, Mailer, Outcome } from '../core/ports.ts'
import type { Message } from '../core/stage.ts'
import { decode, observations } from '../core/topics.ts'
import type { TopicName } from '../core/topics.ts'
import type { Metrics } from './metrics.ts'

/** A group that reads a topic in this process. */
export interface Reading {
  readonly topic: TopicName
  readonly group: string
}

/** `onReading` is told of every group that begins to read. */
export function measuredLog(
  log: EventLog,
  {
    metrics,
    clock,
    onReading,
  }: { metrics: Metrics; clock: Clock; onReading: (reading: Reading) => () => void },
): EventLog {
  return {
    ...log,
    async publish(messages) {
      try {
        await log.publish(messages)
      } catch (thrown) {
        metrics.count('opomena_publish_failures_total', 'Times that the event log took no messages.', {})
        throw thrown
      }
      countPublished(metrics, messages)
    },
    subscribe(options, handler) {
      const reading = { topic: options.topic.name, group: options.group }
      const end = onReading(reading)
      const subscription = log.subscribe(options, timed(handler, reading, metrics, clock))
      subscription.done.then(end, end)
      return subscription
    },
  }
}

function countPublished(metrics: Metrics, messages: readonly Message[]): void {
  for (const [topic, ofTopic] of Map.groupBy(messages, message => message.topic.name)) {
    metrics.count('opomena_published_total', 'Messages published.', { topic }, ofTopic.length)
    if (topic !== observations.name) continue
    for (const { json } of ofTopic) {
      const { outcome } = decode(observations, json)
      metrics.count('opomena_polls_total', 'Looks at a source, by what came of them.', { outcome })
    }
  }
}

function timed(handler: BatchHandler, labels: Reading, metrics: Metrics, clock: Clock): BatchHandler {
  return async (records, context) => {
    const began = performance.now()
    const outcomes = await handler(records, context)
    const of = { ...labels }
    metrics.observe(
      'opomena_batch_seconds',
      'Time to handle a batch.',
      of,
      (performance.now() - began) / 1_000,
    )
    for (const [outcome, some] of Map.groupBy(outcomes, nameOf))
      metrics.count('opomena_records_total', 'Records handled, by outcome.', { ...of, outcome }, some.length)
    if (outcomes.includes('done')) {
      const now = clock.now().getTime() / 1_000
      metrics.set('opomena_last_success_seconds', 'When a record was last done, since 1970.', of, now)
    }
    return outcomes
  }
}

function nameOf(outcome: Outcome): string {
  return typeof outcome === 'object' ? 'dead' : outcome
}

export function measuredMailer(mailer: Mailer, metrics: Metrics): Mailer {
  const count = (outcome: string): void =>
    metrics.count('opomena_letters_total', 'Letters handed to the mail server, by what it said.', { outcome })
  return {
    close: () => mailer.close(),
    async send(letter) {
      try {
        await mailer.send(letter)
        count('sent')
      } catch (thrown) {
        count(thrown instanceof RetryLater ? 'later' : thrown instanceof Quarantine ? 'refused' : 'failed')
        throw thrown
      }
    },
  }
}
