/** What the dashboards show, said once. Two emitters read it: `dashboards-api.ts` and `saved-objects.ts`. */
import type { Condition } from './condition.ts'
import type { FieldName, ViewName } from './fields.ts'

/** `rate` is `per` times what meets `count`, divided by what meets `of`. */
export type Measure =
  | { readonly kind: 'count'; readonly label: string; readonly where?: Condition }
  | {
      readonly kind: 'distinct'
      readonly label: string
      readonly field: FieldName
      readonly where?: Condition
    }
  | {
      readonly kind: 'rate'
      readonly label: string
      readonly per: 100 | 1000
      readonly count: Condition
      readonly of: Condition
    }

/** The values that the most of the first measure have. */
export interface Terms {
  readonly label: string
  readonly field: FieldName
  readonly most: number
}

export interface TimeLayer {
  readonly view: ViewName
  readonly shape: 'bar_stacked' | 'line'
  readonly split?: Terms
  readonly measure: Measure
  /** Drawn against the axis on the right: what the others are measured against. */
  readonly isDenominator?: true
}

/** `number`, `time` and `table` show the number they are out of; the others name the tile that does. */
export type Chart =
  | {
      readonly kind: 'number'
      readonly view: ViewName
      readonly value: Measure
      readonly outOf: Measure
    }
  | { readonly kind: 'time'; readonly layers: readonly TimeLayer[]; readonly marked?: true }
  | {
      readonly kind: 'table'
      readonly view: ViewName
      readonly by: readonly Terms[]
      readonly measures: readonly Measure[]
      /** Which measure orders the rows, from the largest. */
      readonly sortedBy: number
    }
  | {
      readonly kind: 'bars'
      readonly view: ViewName
      readonly by: Terms
      readonly split?: Terms
      readonly measure: Measure
    }
  | {
      readonly kind: 'heat'
      readonly view: ViewName
      /** Terms, or days where it is `time`. */
      readonly across: Terms | 'time'
      readonly down: Terms
      readonly measure: Measure
    }
  | { readonly kind: 'list'; readonly search: string }
  | { readonly kind: 'note'; readonly markdown: string }

export interface Panel {
  readonly id: string
  readonly title: string
  /** What to know when reading it; stands behind the title. */
  readonly about: string
  /** Tile of the same dashboard that shows the number this chart is out of. */
  readonly outOf?: string
  readonly place: Place
  readonly chart: Chart
}

/** Kibana's grid has 48 columns; rows are about 20 pixels high. */
export interface Place {
  readonly x: number
  readonly y: number
  readonly w: number
  readonly h: number
}

/** A choice above the panels. Of articles only: a choice of flags would empty the denominators. */
export interface Control {
  readonly id: string
  readonly title: string
  readonly view: ViewName
  readonly field: FieldName
  readonly one?: true
}

export interface Dashboard {
  readonly id: string
  readonly title: string
  readonly description: string
  /** Days to show at first. */
  readonly days: number
  readonly controls: readonly Control[]
  readonly panels: readonly Panel[]
}

export interface SavedSearch {
  readonly id: string
  readonly title: string
  readonly description: string
  readonly view: ViewName
  readonly where?: Condition
  readonly columns: readonly FieldName[]
  readonly sort: readonly [FieldName, 'asc' | 'desc']
}

/** A day of the calendar in one year. */
export interface Mark {
  readonly id: string
  /** Noon, UTC: the same day wherever in Europe somebody looks. */
  readonly at: string
  readonly name: string
}

/** Everything Opomena puts into Kibana. */
export interface Specification {
  /** In front of the name of every index, and of the id of everything in Kibana. */
  readonly prefix: string
  /** Where people read a passage and decide, without a slash at the end. */
  readonly publicUrl: string
  readonly dashboards: readonly Dashboard[]
  readonly searches: readonly SavedSearch[]
  readonly marks: readonly Mark[]
}
