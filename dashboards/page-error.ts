/** An answer that is a page of its own: what went wrong, and what to do next. */

export class PageError extends Error {
  override readonly name = 'PageError'
  readonly status: 400 | 401 | 403 | 404 | 405 | 413 | 422 | 429 | 503
  readonly help: string

  constructor(status: PageError['status'], title: string, help: string) {
    super(title)
    this.status = status
    this.help = help
  }
}

export function notFound(what: string): PageError {
  return new PageError(
    404,
    `There is no such ${what}`,
    'It may have been deleted, or the address was cut off when it was copied.',
  )
}

export function badForm(help: string): PageError {
  return new PageError(422, 'The form could not be read', help)
}
