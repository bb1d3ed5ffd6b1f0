/** A real Elasticsearch on 127.0.0.1: one node, from its Maven packages, which hold the core without the modules. */
import { cpSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ELASTICSEARCH_VERSION, jarsOf } from './jars.ts'
import { freePort, launch, SHORT_LIVED } from './server.ts'

const LAUNCHER = join(import.meta.dirname, 'ElasticsearchLauncher.java')

export interface ElasticsearchServer {
  readonly folder: string
  readonly url: string
}

export async function startElasticsearch(
  folder: string,
  port?: number,
  { java = SHORT_LIVED }: { readonly java?: readonly string[] } = {},
): Promise<ElasticsearchServer> {
  const jars = jarsOf(`elasticsearch-${ELASTICSEARCH_VERSION}`, [
    `org.elasticsearch:elasticsearch:${ELASTICSEARCH_VERSION}`,
    `org.elasticsearch.plugin:transport-netty4:${ELASTICSEARCH_VERSION}`,
  ])
  const http = port ?? (await freePort())
  layOut(folder, jars)
  writeFileSync(join(folder, 'config', 'elasticsearch.yml'), settingsOf(folder, http, await freePort()))
  const url = `http://127.0.0.1:${http}`
  await launch({
    name: 'Elasticsearch',
    folder,
    command: 'java',
    args: [
      ...java,
      '-Xms1g',
      '-Xmx1g',
      `-Des.path.home=${folder}`,
      '-cp',
      join(folder, 'lib', '*'),
      LAUNCHER,
      folder,
    ],
    ready: async () => (await healthOf(url)) !== undefined,
  })
  return { folder, url }
}

/** The netty transport is a module with a class loader of its own; everything else is one class path. */
function layOut(folder: string, jars: string): void {
  const module_ = join(folder, 'modules', 'transport-netty4')
  if (existsSync(module_)) return
  for (const name of ['lib', 'config', 'logs', 'repo']) mkdirSync(join(folder, name), { recursive: true })
  mkdirSync(module_, { recursive: true })
  for (const jar of readdirSync(jars)) {
    const target = /^(transport-netty4|netty)-/.test(jar) ? module_ : join(folder, 'lib')
    cpSync(join(jars, jar), join(target, jar))
  }
  writeFileSync(join(module_, 'plugin-descriptor.properties'), DESCRIPTOR)
  writeFileSync(join(folder, 'config', 'log4j2.properties'), LOGGING)
}

async function healthOf(url: string): Promise<string | undefined> {
  try {
    const answer = await fetch(`${url}/_cluster/health`, { signal: AbortSignal.timeout(2000) })
    return answer.ok ? await answer.text() : undefined
  } catch {
    return undefined
  }
}

function settingsOf(folder: string, http: number, transport: number): string {
  return `cluster.name: opomena-test
node.name: one
discovery.type: single-node
network.host: 127.0.0.1
http.port: ${http}
transport.port: ${transport}
path.repo: ${join(folder, 'repo')}
cluster.routing.allocation.disk.threshold_enabled: true
`
}

const DESCRIPTOR = `description=Netty transport
version=${ELASTICSEARCH_VERSION}
name=transport-netty4
classname=org.elasticsearch.transport.netty4.Netty4Plugin
java.version=17
elasticsearch.version=${ELASTICSEARCH_VERSION}
has.native.controller=false
`

const LOGGING = `status=error
appender.out.type=Console
appender.out.name=OUT
appender.out.layout.type=PatternLayout
appender.out.layout.pattern=%d %p %c{1} %m%n
rootLogger.level=warn
rootLogger.appenderRef.out.ref=OUT
`
