/** Stands between the index and a real Elasticsearch, and makes go wrong what a test says. */
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Request {
  readonly method: string
  /** Without query. */
  readonly path: string
  readonly body: string
}

/**
 * What becomes of a request. `refuse`: the server never sees it. `cut`: the server carries it out, and the answer breaks
 * off in the middle. `slow`: carried out, answered too late. `items`: a bulk of which some items are refused, each with
 * a status of its own, and the others are carried out. `change`: the server gets another body.
 */
export type Fault =
  | 'pass'
  | 'cut'
  | { readonly refuse: number }
  | { readonly slow: number }
  | { readonly items: (at: number) => number | undefined }
  | { readonly change: (body: string) => string }

export interface FaultProxy {
  readonly url: string
  /** Asked for each request; may wait. */
  decide: (request: Request) => Fault | Promise<Fault>
  readonly faults: number
  close(): Promise<void>
}

export async function faultProxy(target: string): Promise<FaultProxy> {
  const server = createServer((incoming, answer) => {
    void handle(incoming, answer).catch(() => incoming.socket.destroy())
  })
  const proxy = {
    url: '',
    faults: 0,
    decide: (): Fault | Promise<Fault> => 'pass',
    close: async () => {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  } as { -readonly [K in keyof FaultProxy]: FaultProxy[K] }

  async function handle(incoming: IncomingMessage, answer: ServerResponse): Promise<void> {
    const request = await requestOf(incoming)
    const fault = await proxy.decide(request)
    if (fault !== 'pass') proxy.faults++
    if (typeof fault === 'object' && 'refuse' in fault) {
      send(answer, fault.refuse, JSON.stringify(refusal(fault.refuse)))
      return
    }
    const { status, text } = await forward(incoming, request, fault)
    if (fault === 'cut') cutOff(answer, status, text)
    else if (typeof fault === 'object' && 'slow' in fault)
      setTimeout(() => send(answer, status, text), fault.slow)
    else send(answer, status, text)
  }

  async function forward(
    incoming: IncomingMessage,
    request: Request,
    fault: Fault,
  ): Promise<{ status: number; text: string }> {
    const items = typeof fault === 'object' && 'items' in fault ? fault.items : undefined
    if (items) return forwardSome(incoming, request, items)
    const body = typeof fault === 'object' && 'change' in fault ? fault.change(request.body) : request.body
    return pass(incoming, body)
  }

  async function forwardSome(
    incoming: IncomingMessage,
    request: Request,
    items: (at: number) => number | undefined,
  ): Promise<{ status: number; text: string }> {
    const all = itemsOf(request.body)
    const taken = all.filter((_, at) => items(at) === undefined)
    const { status, text } =
      taken.length === 0 ? { status: 200, text: '{"items":[]}' } : await pass(incoming, taken.join(''))
    const answered = JSON.parse(text) as { items: unknown[] }
    const merged = all.map((_, at) => {
      const refused = items(at)
      return refused === undefined
        ? answered.items.shift()
        : { index: { status: refused, ...refusal(refused) } }
    })
    return { status, text: JSON.stringify({ ...answered, errors: true, items: merged }) }
  }

  async function pass(incoming: IncomingMessage, body: string): Promise<{ status: number; text: string }> {
    const { method = 'GET', url = '/', headers } = incoming
    const answered = await fetch(`${target}${url}`, {
      method,
      headers: {
        'content-type': headers['content-type'] ?? 'application/json',
        accept: headers.accept ?? '*/*',
      },
      ...(body !== '' && { body }),
    })
    return { status: answered.status, text: await answered.text() }
  }

  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  proxy.url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`
  return proxy
}

async function requestOf(incoming: IncomingMessage): Promise<Request> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk as Buffer)
  const path = (incoming.url ?? '/').split('?')[0]!
  return { method: incoming.method ?? 'GET', path, body: Buffer.concat(chunks).toString() }
}

const HEADERS = { 'content-type': 'application/json', 'x-elastic-product': 'Elasticsearch' }

function send(answer: ServerResponse, status: number, text: string): void {
  answer.writeHead(status, HEADERS).end(text)
}

function cutOff(answer: ServerResponse, status: number, text: string): void {
  answer.writeHead(status, { ...HEADERS, 'content-length': Buffer.byteLength(text) })
  answer.write(text.slice(0, text.length / 2), () => answer.socket?.destroy())
}

function refusal(status: number): object {
  const type = status === 429 ? 'es_rejected_execution_exception' : 'unavailable_shards_exception'
  return { error: { type, reason: 'the test says so' }, status }
}

/** The lines of each item of a bulk: a deletion has one, the others two. */
export function itemsOf(body: string): string[] {
  const lines = body.split('\n').slice(0, -1)
  const items: string[] = []
  for (let at = 0; at < lines.length; at++) {
    const isDeletion = lines[at]!.startsWith('{"delete"')
    items.push(isDeletion ? `${lines[at]!}\n` : `${lines[at]!}\n${lines[++at]!}\n`)
  }
  return items
}
