/** A way to the broker that the test can cut. */
import { createRequire } from 'node:module'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'

export interface KafkaProxy {
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

/**
 * From here until it is closed whatever kafkajs sends to the broker from this process goes through the proxy: the
 * broker tells its own address to its clients, so that they cannot be told another one.
 */
export async function kafkaProxy(broker: string): Promise<KafkaProxy> {
  const [host, port] = broker.split(':') as [string, string]
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
    const broker = connect(Number(port), host)
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
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const restore = redirect(Number(port), (server.address() as AddressInfo).port)
  const cut = (): void => sockets.forEach(socket => socket.destroy())
  return {
    cut,
    hang: on => (hanging = on),
    refuse(on) {
      refusing = on
      if (on) cut()
    },
    loseAnswers: count => (toLose = count),
    lost: () => lost,
    async close() {
      restore()
      cut()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

/** kafkajs asks `net` for each connection; what was imported by name before stays as it is. */
function redirect(from: number, to: number): () => void {
  const net = createRequire(import.meta.url)('node:net') as { connect: typeof connect }
  const before = net.connect
  net.connect = ((options: { readonly port: number }, heard?: () => void) =>
    before(options.port === from ? { ...options, port: to } : options, heard)) as typeof connect
  return () => (net.connect = before)
}
