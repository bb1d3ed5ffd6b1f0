/** Renders the pages of an invented outlet as real ones look: navigation, boxes, advertisements and comments around the text. */
import { TIME_ZONE } from '../../core/time.ts'
import { escapeXml as escape } from './feeds.ts'
import type { DemoArticle, DemoOutlet, Words } from './outlets.ts'

export interface PageContext {
  readonly outlet: DemoOutlet
  readonly publishedAt: (article: DemoArticle) => Date
  readonly words: (article: DemoArticle) => Words
}

const NOTE = 'Demonstration of Opomena: this outlet and this story are invented.'
const RELATED = 4

export function renderArticle(article: DemoArticle, context: PageContext): string {
  const words = context.words(article)
  const head = `${metaOf(article, words, context)}\n<title>${escape(words.title)} | ${escape(context.outlet.name)}</title>`
  return document(context.outlet, head, BODIES[context.outlet.serve.page](article, words, context))
}

/** The front page, and for the outlet without a feed the only list of its articles. */
export function renderListing(context: PageContext): string {
  const { outlet } = context
  const links = outlet.articles.map(
    article =>
      `<div class="karta"><h3 class="naslov"><a href="${new URL(article.url).pathname}">${escape(context.words(article).title)}</a></h3></div>`,
  )
  return document(
    outlet,
    `<title>${escape(outlet.name)}</title>`,
    `<main><h1>${escape(outlet.name)}</h1>\n${links.join('\n')}</main>`,
  )
}

function document(outlet: DemoOutlet, head: string, body: string): string {
  const { words, charset } = outlet.serve
  const feed = outlet.feeds[0]
  return `<!DOCTYPE html>
<html lang="${outlet.languages[0]!}">
<head>
<meta charset="${charset}">
<meta name="viewport" content="width=device-width">
${feed === undefined ? '' : `<link rel="alternate" type="application/rss+xml" href="${feed}">`}
${head}
<style>.notice { background: #fe9; padding: 4px }</style>
</head>
<body>
<header><p class="notice">${NOTE}</p><a href="/">${escape(outlet.name)}</a>
<nav><ul>${words.tags
    .split(', ')
    .map(tag => `<li><a href="/tag/${encodeURIComponent(tag)}">${escape(tag)}</a></li>`)
    .join('')}</ul></nav></header>
${body}
<footer><p>${NOTE}</p><p><a href="/">${escape(words.home)}</a></p></footer>
<script>window.visits = (window.visits || 0) + 1</script>
</body>
</html>
`
}

function metaOf(article: DemoArticle, words: Words, { outlet, publishedAt }: PageContext): string {
  if (outlet.serve.page === 'table') return ''
  const instant = publishedAt(article).toISOString()
  const meta = `<link rel="canonical" href="${article.url}">
<meta property="og:title" content="${escape(words.title)}">
<meta property="og:type" content="article">
<meta property="og:description" content="${escape(words.lead ?? words.title)}">
<meta property="article:published_time" content="${instant}">${article.author === undefined ? '' : `\n<meta name="author" content="${escape(article.author)}">`}`
  if (outlet.serve.page === 'meta') return meta
  const data = {
    '@context': 'https://schema.org',
    '@type': 'NewsArticle',
    headline: words.title,
    datePublished: instant,
    author: article.author === undefined ? undefined : { '@type': 'Person', name: article.author },
    publisher: { '@type': 'Organization', name: outlet.name },
    articleSection: article.section,
    mainEntityOfPage: article.url,
  }
  return `${meta}\n<script type="application/ld+json">${JSON.stringify(data).replaceAll('<', '\\u003c')}</script>`
}

type Body = (article: DemoArticle, words: Words, context: PageContext) => string

const BODIES: Readonly<Record<'json-ld' | 'meta' | 'table', Body>> = {
  'json-ld': (article, words, context) => `<main><article class="post">
<h1 class="post-title">${escape(words.title)}</h1>
<p class="byline">${escape(article.author ?? context.outlet.name)} · <time datetime="${context.publishedAt(article).toISOString()}">${localDate(context.publishedAt(article))}</time></p>
${words.lead === undefined ? '' : `<p class="lead"><strong>${escape(words.lead)}</strong></p>`}
<div class="post-body">
${paragraphs(words.text)}
</div>
<ul class="share"><li><a href="#f">f</a></li><li><a href="#x">x</a></li></ul>
</article>
${related(article, context)}
${comments(article, context)}</main>`,
  meta: (article, words, context) => `<div class="wrapper"><div class="left">
<h1>${escape(words.title)}</h1>
<div class="info">${localDate(context.publishedAt(article))} | ${escape(article.section ?? context.outlet.name)}</div>
${words.lead === undefined ? '' : `<div class="intro">${escape(words.lead)}</div>`}
<div class="text">
${paragraphs(words.text)}
</div>
${comments(article, context)}
</div><div class="sidebar">${related(article, context)}</div></div>`,
  table: (
    article,
    words,
    context,
  ) => `<table width="100%"><tr><td width="160" valign="top">${related(article, context)}</td><td valign="top">
<h2>${escape(words.title)}</h2>
<i>${localDate(context.publishedAt(article))}</i><br>
${words.lead === undefined ? '' : `<b>${escape(words.lead)}</b><br><br>`}
${paragraphs(words.text)}
${comments(article, context)}
</td></tr></table>`,
}

function paragraphs(text: string): string {
  return text
    .trim()
    .split(/\n\s*\n/)
    .map(paragraph => `<p>${escape(paragraph.replaceAll(/\s+/g, ' '))}</p>`)
    .join('\n')
}

function related(article: DemoArticle, { outlet, words }: PageContext): string {
  const place = outlet.articles.indexOf(article)
  const others = Array.from(
    { length: RELATED },
    (_, step) => outlet.articles[(place + step + 1) % outlet.articles.length]!,
  )
  const links = others
    .filter(other => other !== article)
    .map(other => `<li><a href="${other.url}">${escape(words(other).title)}</a></li>`)
  return `<aside class="related"><h4>${escape(outlet.serve.words.related)}</h4><ul>${links.join('')}</ul></aside>`
}

function comments(article: DemoArticle, { outlet }: PageContext): string {
  if (article.comments.length === 0) return ''
  const items = article.comments.map(
    (comment, index) =>
      `<li class="comment"><cite>${escape(`anon${index + 1}`)}</cite><p>${escape(comment)}</p></li>`,
  )
  return `<section id="comments" class="comments"><h4>${escape(outlet.serve.words.comments)}</h4><ol>${items.join('')}</ol></section>`
}

const localFormat = new Intl.DateTimeFormat('hr', {
  timeZone: TIME_ZONE,
  dateStyle: 'short',
  timeStyle: 'short',
})

function localDate(date: Date): string {
  return localFormat.format(date)
}
