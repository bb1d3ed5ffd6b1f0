/** Parses untrusted bytes in child processes, so that no feed or page stops the rest for more than a few seconds. */
import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Extraction } from './extract.ts'
import type { ParsedFeed } from './feed.ts'
import type { ByteHints, PageHints } from './from-bytes.ts'
import type { ListingLink } from './listing.ts'
import type { ParsedSitemap } from './sitemap.ts'

export type Parsed<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: string }

/** Never throws for what the bytes are: a document that cannot be parsed is an answer with its reason. */
export interface Parser {
  feed(bytes: Uint8Array, hints: ByteHints): Promise<Parsed<ParsedFeed>>
  page(bytes: Uint8Array, hints: PageHints): Promise<Parsed<Extraction>>
  listing(
    bytes: Uint8Array,
    hints: ByteHints & { readonly selector: string },
  ): Promise<Parsed<readonly ListingLink[]>>
  sitemap(bytes: Uint8Array, hints: ByteHints): Promise<Parsed<ParsedSitemap>>
  close(): Promise<void>
}

export type ParseJob =
  | { readonly kind: 'feed'; readonly bytes: Uint8Array; readonly hints: ByteHints }
  | { readonly kind: 'page'; readonly bytes: Uint8Array; readonly hints: PageHints }
  | {
      readonly kind: 'listing'
      readonly bytes: Uint8Array
      readonly hints: ByteHints & { readonly selector: string }
    }
  | { readonly kind: 'sitemap'; readonly bytes: Uint8Array; readonly hints: ByteHints }

export type ParseReply = Parsed<unknown>

export interface ParsePoolOptions {
  /** Child processes at work at the same time. */
  readonly size?: number
  /** Longest time for one document; then its process is killed. */
  readonly timeoutMs?: number
  /** Documents after which a process is replaced: what a parser leaks, leaks no further. */
  readonly recycleAfter?: number
  /** Heap of one process. */
  readonly memoryMb?: number
  /** The program of the processes; tests put a hostile one in its place. */
  readonly worker?: string
}

interface Waiting {
  readonly job: ParseJob
  readonly done: (answer: ParseReply) => void
}

/** Starting takes far less; more means that the machine is in trouble, not the document. */
const START_MS = 30_000

export function parsePool(options: ParsePoolOptions = {}): Parser {
  const pool = new Pool(options)
  const ask = <T>(job: ParseJob): Promise<Parsed<T>> => pool.ask(job) as Promise<Parsed<T>>
  return {
    feed: (bytes, hints) => ask({ kind: 'feed', bytes, hints }),
    page: (bytes, hints) => ask({ kind: 'page', bytes, hints }),
    listing: (bytes, hints) => ask({ kind: 'listing', bytes, hints }),
    sitemap: (bytes, hints) => ask({ kind: 'sitemap', bytes, hints }),
    close: () => pool.close(),
  }
}

class Pool {
  readonly #timeoutMs: number
  readonly #queue: Waiting[] = []
  readonly #slots: Slot[]
  #closed = false

  constructor({ size = 2, timeoutMs = 5_000, recycleAfter = 500, memoryMb = 256, worker }: ParsePoolOptions) {
    this.#timeoutMs = timeoutMs
    const program = worker ?? fileURLToPath(new URL('./parse-worker.ts', import.meta.url))
    this.#slots = Array.from({ length: size }, () => new Slot(program, memoryMb, recycleAfter))
  }

  ask(job: ParseJob): Promise<ParseReply> {
    if (this.#closed) return Promise.resolve({ ok: false, reason: 'parsing has ended' })
    return new Promise(done => {
      this.#queue.push({ job, done })
      this.#next()
    })
  }

  #next(): void {
    const slot = this.#slots.find(one => !one.busy)
    const waiting = slot && this.#queue.shift()
    if (!slot || !waiting) return
    void slot.run(waiting.job, this.#timeoutMs).then(answer => {
      waiting.done(answer)
      this.#next()
    })
  }

  async close(): Promise<void> {
    this.#closed = true
    for (const { done } of this.#queue.splice(0)) done({ ok: false, reason: 'parsing has ended' })
    await Promise.all(this.#slots.map(slot => slot.kill()))
  }
}

/** A place for one process, which is started when there is work and replaced when it is dead or old. */
class Slot {
  readonly #program: string
  readonly #memoryMb: number
  readonly #recycleAfter: number
  #child: ChildProcess | undefined
  #documents = 0
  busy = false

  constructor(program: string, memoryMb: number, recycleAfter: number) {
    this.#program = program
    this.#memoryMb = memoryMb
    this.#recycleAfter = recycleAfter
  }

  async run(job: ParseJob, timeoutMs: number): Promise<ParseReply> {
    this.busy = true
    try {
      if (this.#documents >= this.#recycleAfter) await this.kill()
      const started = this.#child ? undefined : await this.#start()
      if (started && !started.ok) return started
      this.#documents++
      const late = `parsing took longer than ${String(timeoutMs / 1_000)} s`
      return await this.#answer(timeoutMs, late, child => child.send(job))
    } finally {
      this.busy = false
    }
  }

  #start(): Promise<ParseReply> {
    this.#documents = 0
    // Nothing of what a parser prints may reach our standard output, and it needs none of our environment.
    this.#child = fork(this.#program, [], {
      execArgv: [`--max-old-space-size=${String(this.#memoryMb)}`],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      env: {},
    })
    return this.#answer(START_MS, 'the parsing process did not start', () => undefined)
  }

  /** The next message of the process; or, when it is late or dies, the reason, and the process is gone. */
  #answer(timeoutMs: number, late: string, begin: (child: ChildProcess) => void): Promise<ParseReply> {
    const child = this.#child!
    return new Promise(resolve => {
      const settle = (answer: ParseReply): void => {
        clearTimeout(timer)
        child.removeAllListeners('message')
        child.removeAllListeners('exit')
        child.removeAllListeners('error')
        child.on('error', () => undefined)
        resolve(answer)
      }
      const fail = (reason: string): void => {
        settle({ ok: false, reason })
        void this.kill()
      }
      const timer = setTimeout(() => fail(late), timeoutMs)
      child.once('message', message =>
        settle(isReply(message) ? message : { ok: false, reason: 'the parsing process answered nonsense' }),
      )
      child.once('exit', (_, signal) =>
        fail(`the parsing process died (${signal ?? 'out of memory or a fault'})`),
      )
      child.once('error', () => fail('the parsing process could not be reached'))
      begin(child)
    })
  }

  kill(): Promise<void> {
    const child = this.#child
    this.#child = undefined
    if (!child || child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
    return new Promise(resolve => {
      child.once('exit', () => resolve())
      // It may be beyond listening to anything milder.
      child.kill('SIGKILL')
    })
  }
}

function isReply(message: unknown): message is ParseReply {
  return (
    typeof message === 'object' && message !== null && typeof (message as { ok?: unknown }).ok === 'boolean'
  )
}
