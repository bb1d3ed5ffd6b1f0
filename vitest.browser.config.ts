import { defineConfig } from 'vitest/config'

/** Tests in a real browser: `npm run test:browser`. They need Chromium; set `OPOMENA_CHROMIUM` when it is elsewhere. */
export default defineConfig({
  test: {
    include: ['test/browser/**/*.test.ts'],
    pool: 'forks',
    // One browser at a time: it takes what the machine has.
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
