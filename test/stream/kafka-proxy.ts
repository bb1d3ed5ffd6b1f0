/** A way to a broker that the test can cut: in front of Kafka, which tells its clients to come through here. */
import { connect, createServer } from 'node:net'
import type { Server, Socket } from 'node:net'

export interface KafkaProxy {
  readonly port: number
  /** Every connection there is ends; new ones are taken. */
  cut(): void
  /** Takes connections and lets nothing through, until it is called with false. */
  hang(on: boolean): void
  /** Refuses every connection, until it is called with false. */
  refuse(on: boolean): void
  /** The next so many produce requests reach the broker, and their connection ends before the answer. */
  loseAnswers(count: number): void
  /** How many answers were lost so far. */
  lost(): number
  close(): Promise<void>
}

const PRODUCE = 0

export async function kafkaProxy(port: number, brokerPort: () => number): Promise<KafkaProxy> {
  const sockets = new Set<Socket>()
  let hanging = false
  let refusing = false
  let toLose = 0
  let lost = 0

  const server: Server = createServer(client => {
    if (refusing) {
      client.destroy()
      return
    }
    const broker = connect(brokerPort(), '127.0.0.1')
    let losing = false
    client.pause()
    broker.once('connect', () => client.resume())
    for (const socket of [client, broker]) {
      sockets.add(socket)
      socket.setNoDelay(true)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        sockets.delete(socket)
        client.destroy()
        broker.destroy()
      })
    }
    client.on('data', bytes => {
      if (hanging) return
      // The client sends a request at once: its number stands behind the four bytes of its length.
      if (toLose > 0 && bytes.length > 6 && bytes.readInt16BE(4) === PRODUCE) {
        toLose--
        losing = true
      }
      broker.write(bytes)
    })
    broker.on('data', bytes => {
      if (hanging) return
      if (!losing) {
        client.write(bytes)
        return
      }
      lost++
      client.destroy()
    })
  })
  await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve))
  const cut = (): void => sockets.forEach(socket => socket.destroy())
  return {
    port,
    cut,
    hang: on => (hanging = on),
    refuse(on) {
      refusing = on
      if (on) cut()
    },
    loseAnswers: count => (toLose = count),
    lost: () => lost,
    async close() {
      cut()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
