/** What of kafkajs is repaired, where no broker is needed to see it. */
import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { RetryLater } from '../../core/errors.ts'
import { silentLogger } from '../../core/logger.ts'
import { kafkaClient } from '../../stream/kafka-client.ts'
import { fateOfKafka } from '../../stream/kafka-fate.ts'

const closers: (() => void)[] = []
afterEach(() => {
  for (const close of closers.splice(0)) close()
})

/** Takes connections and leaves the first request without an answer, until it hangs up on all of them. */
async function silentBroker() {
  const first = Promise.withResolvers<undefined>()
  const sockets: Socket[] = []
  let hangsUp = false
  const server = createServer(socket => {
    sockets.push(socket)
    socket.on('error', () => undefined)
    socket.once('data', () => {
      first.resolve(undefined)
      if (hangsUp) socket.destroy()
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  closers.push(() => void server.close())
  return {
    address: `127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    asked: first.promise,
    hangUp: () => {
      hangsUp = true
      for (const socket of sockets) socket.destroy()
    },
  }
}

test('who asks while another one is still connecting waits with it, and fails as it does', async () => {
  const { address, asked, hangUp } = await silentBroker()
  const cluster = kafkaClient({ brokers: [address] }, silentLogger, { retries: 0 }).cluster()
  const thrown: unknown[] = []
  const note = (error: unknown): void => void thrown.push(error)
  const connecting = cluster.connect().catch(note)
  await asked
  const asking = cluster.addMultipleTargetTopics(['t']).catch(note)
  await new Promise(resolve => setImmediate(resolve))
  expect(thrown).toEqual([])
  hangUp()
  await Promise.all([connecting, asking, cluster.disconnect()])
  expect(thrown.map(error => fateOfKafka(error, 'x'))).toEqual([
    expect.any(RetryLater),
    expect.any(RetryLater),
  ])
})
