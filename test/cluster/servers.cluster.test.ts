/** The servers of the cluster tests are what they are taken for. */
import { describe, expect, test } from 'vitest'
import { ownName, servers } from './servers.ts'

const { elasticsearch, lack } = servers()

describe.skipIf(lack)('the servers of the cluster tests', () => {
  test('Elasticsearch is well', async () => {
    const answer = (await (await fetch(`${elasticsearch}/_cluster/health`)).json()) as { status: string }
    expect(answer.status).toMatch(/green|yellow/)
  })

  test('names are not given twice', () => {
    expect(ownName('x')).not.toBe(ownName('x'))
  })
})
