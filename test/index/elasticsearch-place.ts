/** An empty index on a real Elasticsearch for a test, under a prefix of its own. */
import type { IndexReader } from '../../core/ports.ts'
import { elasticsearchHome } from '../../index/elasticsearch-store.ts'
import type { ElasticsearchOptions } from '../../index/elasticsearch-store.ts'
import type { ElasticsearchHome } from '../../index/elasticsearch-home.ts'
import { readerOf, writerOf } from '../../index/index-home.ts'
import type { GenerationWriter } from '../../index/index-home.ts'
import { PARTS } from '../../index/elasticsearch-mapping.ts'

export class ElasticsearchPlace {
  readonly url: string
  readonly prefix: string
  readonly home: ElasticsearchHome

  private constructor(url: string, prefix: string) {
    this.url = url
    this.prefix = prefix
    this.home = elasticsearchHome({ url, prefix })
  }

  static async make(url: string, prefix: string): Promise<ElasticsearchPlace> {
    const place = new ElasticsearchPlace(url, prefix)
    await place.home.apply()
    return place
  }

  /** Another home on the same indices, as another process would have; through a proxy, for example. */
  elsewhere(options: Partial<ElasticsearchOptions> = {}): ElasticsearchHome {
    return elasticsearchHome({ url: this.url, prefix: this.prefix, ...options })
  }

  async writer(): Promise<GenerationWriter> {
    return writerOf(this.home, await this.home.first())
  }

  reader(): Promise<IndexReader> {
    return readerOf(this.home)
  }

  async settle(): Promise<void> {
    await this.ask('POST', `${this.prefix}-*/_refresh`)
  }

  async destroy(): Promise<void> {
    await this.home.close()
    for (const index of await this.indices()) await this.ask('DELETE', index)
    for (const part of [...PARTS, 'state']) await this.ask('DELETE', `_index_template/${this.prefix}-${part}`)
    await this.ask('DELETE', `_component_template/${this.prefix}-facts`)
  }

  async indices(): Promise<readonly string[]> {
    return Object.keys((await this.ask('GET', `${this.prefix}-*/_alias`)) as Record<string, unknown>)
  }

  /** Those of the generation in use, without the settings. */
  async indicesInUse(): Promise<readonly string[]> {
    const generation = (await this.home.current())!
    return (await this.indices()).filter(name => name.includes(generation))
  }

  /** Asks the server itself, past everything of ours. */
  async ask(method: string, path: string, body?: object): Promise<unknown> {
    const answer = await fetch(`${this.url}/${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    })
    return answer.json()
  }
}
