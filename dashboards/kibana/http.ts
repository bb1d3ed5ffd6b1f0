/** One request to Kibana. Not the Fetcher: the address is the operator's own and mostly private. */
import { request as plain } from 'node:http'
import { request as encrypted } from 'node:https'

export interface Asked {
  readonly method: 'GET' | 'POST' | 'PUT'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

export interface Answer {
  readonly status: number
  readonly body: string
}

export type Ask = (asked: Asked) => Promise<Answer>

/** An import of everything takes seconds; a server that says nothing for so long is not there. */
const SILENCE_MS = 60_000
const LONGEST_ANSWER = 16 * 2 ** 20

/** `ca`: certificate of the authority that signed Kibana's. Rejects with what the network said. */
export function asking(ca?: string): Ask {
  return ({ method, url, headers, body }) =>
    new Promise((resolve, reject) => {
      const send = url.startsWith('https:') ? encrypted : plain
      const options = { method, headers, timeout: SILENCE_MS, ...(ca !== undefined && { ca }) }
      const request = send(url, options, response => {
        const chunks: Buffer[] = []
        let length = 0
        response.on('data', (chunk: Buffer) => {
          length += chunk.length
          if (length > LONGEST_ANSWER) request.destroy(new Error('the answer is too long'))
          else chunks.push(chunk)
        })
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }),
        )
        response.on('error', reject)
      })
      request.on('timeout', () => request.destroy(new Error(`no answer for ${SILENCE_MS / 1000} seconds`)))
      request.on('error', reject)
      request.end(body)
    })
}
