/** The manifest of a capture: everything about it but its bytes, as it is kept and exported. */
import type { EvidenceRef } from '../core/article.ts'
import { sha256 } from '../core/hash.ts'
import type { Capture, Evidence } from '../core/ports.ts'

export type Manifest = Omit<Evidence, 'body'>

/** How an article refers to its proof. */
export function refOf({ body, status, headers }: Capture): EvidenceRef {
  return {
    rawHash: sha256(body),
    bytes: body.length,
    ...(status === undefined ? {} : { status }),
    ...(headers.length === 0 ? {} : { headersHash: sha256(JSON.stringify(headers)) }),
  }
}

/** Names the fields one by one, so that equal captures have equal JSON. */
export function manifestOf(capture: Capture, ref: EvidenceRef, storedAt: string): Manifest {
  const { url, sourceId, startedAt, endedAt, status, headers, requestHeaders, redirects, address, robots } =
    capture
  return {
    url,
    sourceId,
    startedAt,
    endedAt,
    ...(status === undefined ? {} : { status }),
    headers,
    requestHeaders,
    redirects,
    ...(address === undefined ? {} : { address }),
    ...(robots === undefined ? {} : { robots }),
    ref,
    storedAt,
  }
}

export function withBody(manifest: Manifest, body: Uint8Array): Evidence {
  return { ...manifest, body }
}
