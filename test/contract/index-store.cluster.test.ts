/** Runs the index store contract against a real Elasticsearch. */
import { describe } from 'vitest'
import { ownName, servers } from '../cluster/servers.ts'
import { ElasticsearchPlace } from '../index/elasticsearch-place.ts'
import { indexStoreContract } from './index-store.ts'

const { elasticsearch, lack } = servers()

describe.skipIf(lack)(`Elasticsearch ${lack ?? ''}`, () => {
  indexStoreContract({
    name: 'Elasticsearch',
    // Each makes three indices of a dozen parts.
    rounds: 1,
    roundsMs: 300_000,
    create: () => ElasticsearchPlace.make(elasticsearch, ownName('contract')),
  })
})
