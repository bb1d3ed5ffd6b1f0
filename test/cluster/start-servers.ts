/**
 * Before the cluster tests: takes the servers that the environment names, or those of `npm run cluster:up`, or starts
 * some and ends them afterwards. Where there can be none the tests are told why, and are skipped.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startElasticsearch } from './elasticsearch-server.ts'
import { missing } from './jars.ts'
import { startKafka } from './kafka-server.ts'
import { stop } from './server.ts'
import { FOUND } from './servers.ts'
import type { Servers } from './servers.ts'
import { addresses } from './up.ts'

const LOOK_MS = 2_000

export default async function startServers(): Promise<() => Promise<void>> {
  const running = named() ?? addresses()
  if (running && (await answers(running))) return tell(running)
  if (named()) return tell({ ...NONE, lack: `nobody answers at ${Object.values(running!).join(' and ')}` })
  const lack = missing()
  return lack === undefined ? startBoth() : tell({ ...NONE, lack })
}

const NONE = { broker: '', elasticsearch: '' }

/** Servers of somebody else, those of the compose file for one. */
function named(): Servers | undefined {
  const { OPOMENA_TEST_BROKER: broker, OPOMENA_TEST_ELASTICSEARCH: elasticsearch } = process.env
  return broker && elasticsearch ? { broker, elasticsearch } : undefined
}

async function startBoth(): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'opomena-servers-'))
  const own = ['kafka', 'elasticsearch'].map(name => join(folder, name)) as [string, string]
  const end = async (): Promise<void> => {
    await Promise.all(own.map(stop))
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    const [{ broker }, { url }] = [await startKafka(own[0]), await startElasticsearch(own[1])]
    tell({ broker, elasticsearch: url })
    return end
  } catch (thrown) {
    await end()
    throw thrown
  }
}

function tell(found: Servers): () => Promise<void> {
  process.env[FOUND] = JSON.stringify(found)
  if (found.lack !== undefined) console.warn(`The cluster tests are skipped: ${found.lack}`)
  return async () => undefined
}

async function answers({ broker, elasticsearch }: Servers): Promise<boolean> {
  const places = [new URL(`tcp://${broker}`), new URL(elasticsearch)]
  return (await Promise.all(places.map(listens))).every(Boolean)
}

function listens({ hostname, port }: URL): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect({ host: hostname, port: Number(port), timeout: LOOK_MS })
    const end = (open: boolean) => (): void => {
      socket.destroy()
      resolve(open)
    }
    socket.once('connect', end(true)).once('error', end(false)).once('timeout', end(false))
  })
}
