/** CSV (RFC 4180) that opens in a spreadsheet as text: UTF-8 with a byte order mark, no cell is ever a formula. */

/** First characters that a spreadsheet takes for a formula, in both widths (OWASP ASVS 1.2.10). */
const FORMULA = /^[=+\-@\t\r\0＝＋－＠]/u

/** Rows with the columns of the first; lists are joined by `; `, absent values are empty. */
export function csvOf(rows: readonly object[]): string {
  const columns = Object.keys(rows[0] ?? {})
  const lines = [columns, ...rows.map(row => columns.map(column => (row as Record<string, unknown>)[column]))]
  return `\uFEFF${lines.map(cells => cells.map(cellOf).join(',')).join('\r\n')}\r\n`
}

function cellOf(value: unknown): string {
  if (value === null || value === undefined) return ''
  // Numbers of our own are data; a text that looks like one is not.
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  const text = Array.isArray(value)
    ? value.join('; ')
    : typeof value === 'string'
      ? value
      : JSON.stringify(value)
  const safe = FORMULA.test(text) ? `'${text}` : text
  return `"${safe.replaceAll('"', '""')}"`
}
