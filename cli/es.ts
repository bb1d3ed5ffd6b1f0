/** `opomena es apply`: templates, settings and the first indices of Elasticsearch, before anything is indexed. */
import type { Command } from 'commander'
import { elasticsearchOptions, openConfig } from './parts.ts'

export function register(program: Command): void {
  program
    .command('es')
    .description('the indices of Elasticsearch')
    .command('apply')
    .description('put templates and, where there are none, indices in place; run again it changes nothing')
    .addHelpText('after', '\nExample:\n  OPOMENA_ELASTICSEARCH_URL=http://127.0.0.1:9200 opomena es apply')
    .action(async () => {
      const { applyElasticsearch, checkElasticsearch } = await import('../index/elasticsearch-store.ts')
      const options = elasticsearchOptions(openConfig())
      for (const change of await applyElasticsearch(options)) process.stdout.write(`${change}\n`)
      process.stdout.write(`${await checkElasticsearch(options)}: all in place\n`)
    })
}
