/** Progress of long work on stderr: a bar on a terminal, a line a minute elsewhere, nothing when asked to be quiet. */

const MINUTE = 60_000
const REDRAW_MS = 100

export interface Progress {
  /** `done` of `total` (0 when unknown) so far, with what else is worth saying. */
  update(done: number, detail?: string): void
  /** Ends the line and says the final figures. */
  end(): void
}

export function progress(
  what: string,
  options: {
    readonly total?: number
    readonly stream?: NodeJS.WriteStream
    readonly now?: () => number
  } = {},
): Progress {
  const stream = options.stream ?? process.stderr
  const now = options.now ?? Date.now
  const started = now()
  let last = { done: 0, detail: '' }
  // A terminal shows at once; a log file waits a minute for its first line.
  let drawn = stream.isTTY ? 0 : started
  const line = (): string => {
    const seconds = Math.max((now() - started) / 1000, 0.001)
    const share = options.total
      ? ` ${bar(last.done / options.total)} ${String(Math.floor((100 * last.done) / options.total))} %`
      : ''
    return `${what}${share}  ${String(last.done)}${options.total ? ` of ${String(options.total)}` : ''}, ${String(Math.round(last.done / seconds))}/s${last.detail && `  ${last.detail}`}`
  }
  return {
    update(done, detail = '') {
      last = { done, detail }
      if (now() - drawn < (stream.isTTY ? REDRAW_MS : MINUTE)) return
      drawn = now()
      stream.write(stream.isTTY ? `\r\u001b[K${line()}` : `${line()}\n`)
    },
    end() {
      stream.write(stream.isTTY ? `\r\u001b[K${line()}\n` : `${line()}\n`)
    },
  }
}

const WIDTH = 24

function bar(share: number): string {
  const full = Math.round(Math.min(share, 1) * WIDTH)
  return `[${'#'.repeat(full)}${'.'.repeat(WIDTH - full)}]`
}
