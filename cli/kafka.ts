/** `opomena kafka apply`: the topics as the settings say. */
import type { Command } from 'commander'
import { openConfig, openLogger, applyTopics } from './parts.ts'

export function register(program: Command): void {
  const kafka = program.command('kafka').description('what Opomena needs in Kafka')
  kafka
    .command('apply')
    .description('make the topics that are missing and set what differs; run again it changes nothing')
    .addHelpText('after', '\nExample:\n  OPOMENA_KAFKA_BROKERS=kafka.example:9092 opomena kafka apply')
    .action(async () => {
      const config = openConfig()
      const { created, changed, left } = await applyTopics(config, openLogger(config, 'kafka'))
      for (const topic of created) process.stdout.write(`made ${topic}\n`)
      for (const topic of changed) process.stdout.write(`set ${topic}\n`)
      if (created.length + changed.length === 0) process.stdout.write('all topics are as they should be\n')
      for (const sentence of left) process.stderr.write(`${sentence}\n`)
    })
}
