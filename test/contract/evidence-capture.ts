/** A capture of an invented outlet, with what the test cares about changed. */
import type { Capture } from '../../core/ports.ts'

export function capture(more: Partial<Capture> & { readonly text?: string } = {}): Capture {
  const { text = 'Vijest dana.', ...fields } = more
  return {
    url: 'https://glas.example/vijest',
    sourceId: 'glas',
    body: Buffer.from(text),
    startedAt: '2026-11-02T10:00:00.123Z',
    endedAt: '2026-11-02T10:00:00.456Z',
    status: 200,
    headers: [
      ['Content-Type', 'text/html'],
      ['X-Note', 'caf\u00e9'],
      ['x-note', 'again'],
    ],
    requestHeaders: [['host', 'glas.example']],
    redirects: [],
    address: '203.0.113.7',
    robots: 'allowed',
    ...fields,
  }
}
