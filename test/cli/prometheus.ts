/** Reads the text form of Prometheus strictly: what it cannot read, Prometheus could not. */

export interface Sample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

export interface Family {
  readonly kind: string
  readonly help: string
  readonly samples: readonly Sample[]
}

const SAMPLE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/u
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\]|\\[\\"n])*)"(?:,|$)/uy

/** @throws Error at the first line that is wrong. */
export function readPrometheus(text: string): Map<string, Family> {
  const families = new Map<string, { kind: string; help: string; samples: Sample[] }>()
  let now: { kind: string; help: string; samples: Sample[] } | undefined
  let name = ''
  if (text !== '' && !text.endsWith('\n')) throw new Error('the last line has no end')
  for (const line of text.split('\n').slice(0, -1)) {
    const help = /^# HELP (\S+) (.+)$/u.exec(line)
    const type = /^# TYPE (\S+) (counter|gauge|histogram)$/u.exec(line)
    if (help) {
      name = help[1]!
      if (families.has(name)) throw new Error(`${name} comes twice`)
      families.set(name, (now = { kind: '', help: help[2]!, samples: [] }))
    } else if (type) {
      if (type[1] !== name || !now) throw new Error(`a type without its help: ${line}`)
      now.kind = type[2]!
    } else {
      const sample = sampleIn(line)
      const base = now?.kind === 'histogram' ? sample.name.replace(/_(bucket|sum|count)$/u, '') : sample.name
      if (!now || base !== name) throw new Error(`a sample outside of its family: ${line}`)
      now.samples.push(sample)
    }
  }
  return families
}

function sampleIn(line: string): Sample {
  const [, name, inside = '', value] = SAMPLE.exec(line) ?? []
  if (name === undefined || Number.isNaN(Number(value?.replace('+Inf', 'Infinity'))))
    throw new Error(`no sample: ${line}`)
  const labels: Record<string, string> = {}
  LABEL.lastIndex = 0
  while (LABEL.lastIndex < inside.length) {
    const at = LABEL.lastIndex
    const [, label, text] = LABEL.exec(inside) ?? []
    if (label === undefined) throw new Error(`no label at ${String(at)}: ${line}`)
    labels[label] = text!.replaceAll(/\\(.)/gu, (_, one: string) => (one === 'n' ? '\n' : one))
  }
  return { name, labels, value: Number(value) }
}
