/** The queries of docs/queries.md, read from the page itself: what a reader copies is what the tests run. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface DocQuery {
  readonly title: string
  /** Path of the request without the slash, with the prefix of the page: `opomena-`. */
  readonly path: string
  readonly body: Readonly<Record<string, unknown>>
  readonly esql: string
}

export const PAGE = readFileSync(join(import.meta.dirname, '..', '..', '..', 'docs', 'queries.md'), 'utf8')

const REQUEST = /```bash\ncurl -s "\$ES\/([^"]+)" -H 'Content-Type: application\/json' -d '([^']+)'\n```/u
const ESQL = /```esql\n([^`]+)\n```/u

/** @throws when a question lacks one of its two forms. */
export function queriesIn(page: string): readonly DocQuery[] {
  return page
    .split(/^### /mu)
    .slice(1)
    .map(section => {
      const title = section.slice(0, section.indexOf('\n'))
      const [, path, json] = REQUEST.exec(section) ?? []
      const [, esql] = ESQL.exec(section) ?? []
      if (path === undefined || json === undefined || esql === undefined) {
        throw new Error(`docs/queries.md, "${title}": expected a curl request and its ES|QL, one is missing`)
      }
      return { title, path, body: JSON.parse(json) as DocQuery['body'], esql }
    })
}

/** The indices a request or an ES|QL query reads, without the prefix. */
export function indicesOf(names: string): readonly string[] {
  return [...names.matchAll(/opomena-([a-z]+)/gu)].map(match => match[1]!)
}
