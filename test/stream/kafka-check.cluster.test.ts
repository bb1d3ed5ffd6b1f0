/** What is wrong with Kafka or its settings is said in one line that an operator can act on. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { connect, createServer as createTcpServer } from 'node:net'
import type { AddressInfo, Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer as createTlsServer } from 'node:tls'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { systemClock } from '../../core/clock.ts'
import { ConfigError } from '../../core/errors.ts'
import { checkKafka, requireKafka } from '../../stream/kafka-check.ts'
import type { KafkaCheck } from '../../stream/kafka-check.ts'
import { ensureTopics } from '../../stream/kafka-topics.ts'
import { startKafka } from '../cluster/kafka-server.ts'
import { freePort, stop } from '../cluster/server.ts'
import { ownName, servers } from '../cluster/servers.ts'
import { kafkaPlace } from './kafka-place.ts'

const { broker, lack } = servers()
const TLS = join(import.meta.dirname, '..', 'fixtures', 'tls')

/** Settings that do not fit, and the line that comes of them. */
async function lineOf(check: KafkaCheck): Promise<string> {
  const problems = await checkKafka(check)
  expect(problems).toHaveLength(1)
  expect(problems[0]).not.toContain('\n')
  return problems[0]!
}

describe.skipIf(lack)('the check of Kafka', () => {
  const open: Server[] = []

  afterEach(() => {
    for (const server of open.splice(0)) server.close()
  })

  async function listening(server: Server): Promise<string> {
    open.push(server)
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    return `127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  /** In front of the real broker, with TLS. */
  const behindTls = (): Promise<string> => {
    const pem = readFileSync(join(TLS, 'good.pem'))
    const [host, port] = broker.split(':') as [string, string]
    return listening(
      createTlsServer({ key: pem, cert: pem }, client => {
        const there = connect(Number(port), host)
        for (const [from, to] of [
          [client, there],
          [there, client],
        ] as const)
          from.on('error', () => to.destroy()).on('close', () => to.destroy())
        client.pipe(there).pipe(client)
      }),
    )
  }

  test('finds nothing where all is well, and names each topic that is missing', async () => {
    const place = await kafkaPlace(broker)
    const { prefix } = place
    expect(await checkKafka({ brokers: [broker], prefix })).toEqual([])
    await place.admin(admin => admin.deleteTopics({ topics: [`${prefix}findings`] }))
    // The controller has answered before the broker has heard of it.
    await expect
      .poll(() => checkKafka({ brokers: [broker], prefix }), { timeout: 20_000 })
      .toEqual([`kafka: topic ${prefix}findings is missing; make it with: opomena kafka apply`])
    await expect(requireKafka({ brokers: [broker], prefix })).rejects.toThrow(ConfigError)
    expect(await checkKafka({ brokers: [broker], prefix, topics: false })).toEqual([])
    await place.admin(admin => ensureTopics(admin, systemClock, { prefix, partitions: 3 }))
    await place.destroy()
  })

  test('a port where nobody listens, a machine that is not there', async () => {
    const nobody = `127.0.0.1:${await freePort()}`
    expect(await lineOf({ brokers: [nobody] })).toBe(
      `kafka: expected a broker at ${nobody}, nobody listens there; set OPOMENA_KAFKA_BROKERS (stream.kafka.brokers) to where it is, or start it`,
    )
    expect(await lineOf({ brokers: ['no-such-machine.invalid:9092'] })).toMatch(
      /expected a broker at no-such-machine.invalid:9092, (no machine has that name|the name cannot be looked up now)/,
    )
  })

  test('something that is no broker', async () => {
    const web = await listening(createServer((_, response) => response.end('hello')))
    expect(await lineOf({ brokers: [web] })).toMatch(/is this the port of a Kafka broker/)
  })

  test('TLS on one side only, and a certificate that nobody vouches for', async () => {
    const secure = await behindTls()
    expect(await lineOf({ brokers: [secure] })).toBe(
      `kafka: ${secure} speaks TLS, the settings do not ask for it; set stream.kafka.tls to true`,
    )
    expect(await lineOf({ brokers: [broker], tls: true })).toMatch(
      /does not speak TLS, the settings ask for it/,
    )
    expect(await lineOf({ brokers: [secure], tls: true })).toMatch(
      /the certificate of .* is not trusted: .*; set stream.kafka.caFile/,
    )
  })

  test('a user where none is asked for', async () => {
    const sasl = { mechanism: 'plain', username: 'ana', password: 'x' } as const
    expect(await lineOf({ brokers: [broker], sasl })).toMatch(/expected .* to let in user ana by plain/)
  })

  test('a Kafka older than 2.1', async () => {
    // The real one, whose answer on what it speaks is changed on the way: records could be sent by version 6 at most.
    const [host, port] = broker.split(':') as [string, string]
    const old = await listening(
      createTcpServer(client => {
        const there = connect(Number(port), host)
        let first = true
        client.pipe(there)
        there.on('data', bytes => {
          if (first) makeOlder(bytes)
          first = false
          client.write(bytes)
        })
        there.on('close', () => client.destroy()).on('error', () => undefined)
        client.on('close', () => there.destroy()).on('error', () => undefined)
      }),
    )
    expect(await lineOf({ brokers: [old] })).toBe(
      `kafka: expected Kafka 2.1 or newer, ${old} is older; upgrade it`,
    )
  })

  /** Behind length, number and error come the requests, each with its key, lowest and highest version. */
  function makeOlder(answer: Buffer): void {
    const count = answer.readInt32BE(10)
    for (let at = 14; at < 14 + count * 6; at += 6)
      if (answer.readInt16BE(at) === 0) answer.writeInt16BE(6, at + 4)
  }

  describe('of a broker that knows its users', () => {
    let folder: string
    let guarded: string
    const user = { mechanism: 'plain', username: 'ana', password: 'right' } as const

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'opomena-kafka-sasl-'))
      const port = await freePort()
      await startKafka(folder, undefined, { sasl: { port, users: { ana: 'right' } } })
      guarded = `127.0.0.1:${port}`
    }, 240_000)

    afterAll(async () => {
      await stop(folder)
      rmSync(folder, { recursive: true, force: true })
    })

    test('lets in the right one, and says why not the others', async () => {
      const check = { brokers: [guarded], topics: false, prefix: ownName('sasl') } as const
      expect(await checkKafka({ ...check, sasl: user })).toEqual([])
      expect(await lineOf({ ...check, sasl: { ...user, password: 'wrong' } })).toMatch(
        /expected .* to let in user ana by plain, it says ".*"; set OPOMENA_KAFKA_USER, OPOMENA_KAFKA_PASSWORD/,
      )
      expect(await lineOf({ ...check, sasl: { ...user, mechanism: 'scram-sha-256' } })).toMatch(
        /let in user ana by scram-sha-256/,
      )
      expect(await lineOf(check)).toMatch(/does it want a user and password/)
    })
  })
})
