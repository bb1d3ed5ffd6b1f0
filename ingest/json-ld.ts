/** What a page says of its article in schema.org's terms (JSON-LD). */
import { plainLine, plainText } from './plain-text.ts'

export interface StatedArticle {
  readonly title?: string
  readonly body?: string
  readonly lead?: string
  readonly author?: string
  readonly section?: string
  readonly published?: string
  readonly language?: string
}

type Json = Readonly<Record<string, unknown>>

const ARTICLE = /(Article|BlogPosting|LiveBlogPosting|Report|Review)$/u
/** Longest script read, and most nodes looked at: real ones are a few kilobytes. */
const MAX_SCRIPT = 2_000_000
const MAX_NODES = 500

/** The first article that the scripts state; undefined where none does. */
export function statedArticle(scripts: readonly string[]): StatedArticle | undefined {
  for (const script of scripts) {
    if (script.length > MAX_SCRIPT) continue
    const article = nodesOf(parse(script)).find(node => typesOf(node).some(type => ARTICLE.test(type)))
    if (article) return read(article)
  }
  return undefined
}

function parse(script: string): unknown {
  const json = script
    .replace(
      /^\s*(<!--|\/\*\s*<!\[CDATA\[\s*\*\/|\/\/<!\[CDATA\[)|(-->|\/\*\s*\]\]>\s*\*\/|\/\/\]\]>)\s*;?\s*$/gu,
      '',
    )
    .trim()
  try {
    return JSON.parse(json)
  } catch {
    return parseLoosely(json)
  }
}

/** Templates put raw line breaks into strings and commas after the last member. */
function parseLoosely(json: string): unknown {
  try {
    return JSON.parse(
      json
        .replace(/[\u0000-\u001f]+/gu, ' ')
        .replace(/,\s*([}\]])/gu, '$1')
        .replace(/;\s*$/u, ''),
    )
  } catch {
    return undefined
  }
}

function nodesOf(value: unknown): Json[] {
  const nodes: Json[] = []
  const queue: unknown[] = [value]
  for (let at = 0; at < queue.length && at < MAX_NODES; at++) {
    const one = queue[at]
    if (Array.isArray(one)) queue.push(...(one as unknown[]).slice(0, MAX_NODES))
    else if (typeof one === 'object' && one !== null) {
      const node = one as Json
      nodes.push(node)
      queue.push(node['@graph'], node['mainEntity'], node['mainEntityOfPage'])
    }
  }
  return nodes
}

function typesOf(node: Json): string[] {
  const type = node['@type']
  return (Array.isArray(type) ? (type as unknown[]) : [type]).filter(one => typeof one === 'string')
}

function read(node: Json): StatedArticle {
  const fields = {
    title: line(node['headline']) ?? line(node['name']),
    body: body(node['articleBody'] ?? node['text']),
    lead: line(node['description']),
    author: author(node['author'] ?? node['creator']),
    section: line(Array.isArray(node['articleSection']) ? node['articleSection'][0] : node['articleSection']),
    published: text(node['datePublished']) ?? text(node['dateCreated']),
    language: text(node['inLanguage']) ?? text((node['inLanguage'] as Json | undefined)?.['alternateName']),
  }
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined
}

function line(value: unknown): string | undefined {
  const stated = text(value)
  return stated === undefined ? undefined : plainLine(stated) || undefined
}

/** Bodies come as text with line breaks, or as HTML, or as HTML with its tags escaped. */
function body(value: unknown): string | undefined {
  const stated = text(value)
  if (stated === undefined) return undefined
  const html = /<(p|br|div)[\s/>]|&lt;(p|br|div)/iu.test(stated)
  return plainText(html ? stated : stated.replace(/\r?\n\s*/gu, '<p>')) || undefined
}

function author(value: unknown): string | undefined {
  const authors = Array.isArray(value) ? (value as unknown[]).slice(0, 10) : [value]
  const names = authors.flatMap(one => line(one) ?? line((one as Json | null | undefined)?.['name']) ?? [])
  // Some outlets state the address of the author's page.
  const spoken = names.filter(name => !/^https?:/iu.test(name))
  return spoken.length === 0 ? undefined : [...new Set(spoken)].join(', ').slice(0, 200)
}
