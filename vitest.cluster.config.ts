import { defineConfig } from 'vitest/config'

/** Tests against a real Kafka and a real Elasticsearch: `npm run test:cluster`. The servers are found or started. */
export default defineConfig({
  test: {
    include: ['test/**/*.cluster.test.ts'],
    globalSetup: ['test/cluster/start-servers.ts'],
    pool: 'forks',
    // The files share two servers and start some of their own: one after the other.
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
