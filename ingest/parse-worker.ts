/** A process that parses what came from outside, one document after the other. It holds nothing and may be killed at any time. */
import { articleFromBytes, feedFromBytes, listingFromBytes, sitemapFromBytes } from './from-bytes.ts'
import { reasonOf } from '../core/errors.ts'
import type { ParseJob, ParseReply } from './parse-pool.ts'

async function parse(job: ParseJob): Promise<unknown> {
  switch (job.kind) {
    case 'feed':
      return feedFromBytes(job.bytes, job.hints)
    case 'page':
      return articleFromBytes(job.bytes, job.hints)
    case 'listing':
      return listingFromBytes(job.bytes, job.hints)
    case 'sitemap':
      return sitemapFromBytes(job.bytes, job.hints)
  }
}

function reply(message: ParseReply): void {
  process.send?.(message)
}

process.on('message', (job: ParseJob) => {
  parse(job).then(
    value => reply({ ok: true, value }),
    (thrown: unknown) => reply({ ok: false, reason: reasonOf(thrown).slice(0, 300) }),
  )
})
// Without its parent nobody would ever end it.
process.on('disconnect', () => process.exit(0))
reply({ ok: true, value: 'ready' })
