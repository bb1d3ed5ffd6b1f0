/** Numbers for what repeats from article to article: outlet and language together, and sections. */
import type { DatabaseSync } from 'node:sqlite'
import type { ArticleHead } from '../core/article.ts'
import type { Language, Script } from '../core/labels.ts'
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
