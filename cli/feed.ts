/** `opomena feed FILE --url U`: a saved feed as Opomena reads it. */
import { readFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { webAddress } from './arguments.ts'
import { EXIT } from './exit.ts'
import { writeLine } from './ndjson.ts'

export function register(program: Command): void {
  program
    .command('feed')
    .description('read a saved feed and print what Opomena sees in it, as JSON')
    .argument('<file>', 'the feed as it was sent (RSS, Atom, RDF or JSON Feed, any encoding)')
    .requiredOption(
      '--url <address>',
      'where the feed was fetched from; links are resolved against it',
      webAddress,
    )
    .option('--content-type <value>', 'the Content-Type header it came with')
    .addHelpText('after', '\nExample:\n  opomena feed saved.xml --url https://outlet.example/rss')
    .action(async (file: string, options: { url: string; contentType?: string }) => {
      const { feedFromBytes } = await import('../ingest/from-bytes.ts')
      const feed = await feedFromBytes(await readFile(file), options)
      await writeLine(process.stdout, feed)
      if (feed.items.length === 0) process.exitCode = EXIT.partial
    })
}
