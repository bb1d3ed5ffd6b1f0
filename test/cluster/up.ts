/** `npm run cluster:up` and `cluster:down`: a real Kafka and a real Elasticsearch for the tests and for trying out. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startElasticsearch } from './elasticsearch-server.ts'
import { CACHE, missing } from './jars.ts'
import { startKafka } from './kafka-server.ts'
import { stop } from './server.ts'

const FOLDER = join(CACHE, 'run')
const SERVERS = ['kafka', 'elasticsearch'].map(name => join(FOLDER, name))
const STATE = join(FOLDER, 'addresses.json')

export interface Addresses {
  readonly broker: string
  readonly elasticsearch: string
}

/** Where the servers of the last `cluster:up` listen; undefined when none was started. */
export function addresses(): Addresses | undefined {
  try {
    return JSON.parse(readFileSync(STATE, 'utf8')) as Addresses
  } catch {
    return undefined
  }
}

async function up(): Promise<void> {
  const lack = missing()
  if (lack) {
    fail(lack)
    return
  }
  await down()
  mkdirSync(FOLDER, { recursive: true })
  const began = Date.now()
  const kafka = await startKafka(SERVERS[0]!)
  const elasticsearch = await startElasticsearch(SERVERS[1]!)
  writeFileSync(STATE, JSON.stringify({ broker: kafka.broker, elasticsearch: elasticsearch.url }))
  const seconds = ((Date.now() - began) / 1000).toFixed(1)
  console.log(
    `Kafka ${kafka.broker}, Elasticsearch ${elasticsearch.url}, ready in ${seconds} s; end them with npm run cluster:down`,
  )
}

/** Ends what runs and forgets its data. */
async function down(): Promise<void> {
  await Promise.all(SERVERS.map(stop))
  rmSync(FOLDER, { recursive: true, force: true })
}

function fail(message: string): void {
  console.error(message)
  process.exitCode = 2
}

if (import.meta.main) await (process.argv[2] === 'down' ? down() : up())
