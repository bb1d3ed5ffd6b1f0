/** Numbers for what repeats from article to article: outlet and language together, and sections. */
import type { DatabaseSync } from 'node:sqlite'
import type { ArticleHead } from '../core/article.ts'
import type { Language, Script } from '../core/labels.ts'
import type { FacetField } from '../core/ports.ts'
import { fold } from '../core/text.ts'

/** Enough for every outlet and section that is alive; what is not remembered is asked again. */
const REMEMBERED = 10_000

export interface Dims {
  dims(head: ArticleHead, language?: Language, script?: Script): number
  section(head: ArticleHead): number
  /** Forgets what was remembered: a transaction that made numbers was rolled back. */
  forget(): void
}

export function dimTables(db: DatabaseSync): Dims {
  const known = new Map<string, number>()
  const addDims = db.prepare(
    `INSERT INTO dims (language, script, source, country, kind, outlet, outlet_folded) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET outlet_folded = excluded.outlet_folded RETURNING id`,
  )
  const addSection = db.prepare(
    'INSERT INTO sections (name, folded) VALUES (?, ?) ON CONFLICT DO UPDATE SET folded = excluded.folded RETURNING id',
  )
  const remember = (key: string, make: () => number): number => {
    const found = known.get(key)
    if (found !== undefined) return found
    if (known.size >= REMEMBERED) known.clear()
    const id = make()
    known.set(key, id)
    return id
  }
  return {
    dims({ sourceId, outlet }, language = '' as Language, script = '' as Script) {
      const values = [language, script, sourceId, outlet.country ?? '', outlet.kind ?? '', outlet.name]
      return remember(JSON.stringify(values), () => Number(addDims.get(...values, fold(outlet.name))!['id']))
    },
    section({ section = '' }) {
      return remember(section, () => Number(addSection.get(section, fold(section))!['id']))
    },
    forget: () => {
      known.clear()
    },
  }
}

const DIMS_FIELD: Partial<Record<FacetField, string>> = {
  language: 'language',
  script: 'script',
  source: 'source',
  country: 'country',
  outletKind: 'kind',
}

/** What a counted value is called: the numbers of outlets and sections have names, other values are names themselves. */
export function articleValues(db: DatabaseSync): (field: FacetField) => (value: string | number) => string {
  const dims = namesByNumber(db, 'dims')
  const sections = namesByNumber(db, 'sections')
  return field => {
    const column = DIMS_FIELD[field]
    if (column !== undefined) return value => dims(Number(value), column)
    if (field === 'section') return value => sections(Number(value), 'name')
    return String
  }
}

/** Reads a table of names once, and again when a number comes up that was not there: rows of it never change. */
function namesByNumber(db: DatabaseSync, table: 'dims' | 'sections') {
  const all = db.prepare(`SELECT * FROM ${table}`)
  const known = new Map<number, Record<string, unknown>>()
  return (id: number, column: string): string => {
    if (!known.has(id)) for (const row of all.iterate()) known.set(row['id'] as number, row)
    return (known.get(id)?.[column] as string | undefined) ?? ''
  }
}
