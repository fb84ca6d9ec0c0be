/** Header names in lower case, as Node gives them. */
export type RequestHeaders = { readonly [name: string]: string | readonly string[] | undefined }

/** What an answer needs to know of a request beside its body. */
export type RequestHead = {
  readonly method: string
  /** Path and query, as on the request line. */
  readonly path: string
  readonly headers: RequestHeaders
}

/** A whole answer. `Content-Length` is among the headers, unless there is a `rest`. */
export type HttpResponse = {
  readonly status: number
  readonly headers: { readonly [name: string]: string }
  readonly body: string
  /** The body in UTF-8, where that was at hand; the text is made from it only when asked for. */
  readonly bytes?: Buffer
  /** What follows the body, made as fast as the client reads it. An error in between cuts the connection. */
  readonly rest?: AsyncIterable<string>
}

/** The value of a header that is sent once; of several, the first. */
export function headerText(headers: RequestHeaders, name: string): string | undefined {
  const value = headers[name]
  return typeof value === 'string' ? value : value?.[0]
}

/** An answer of JSON text, with the headers that every answer has (spec/query §0.2). */
export function jsonResponse(
  status: number,
  requestId: string,
  body: string | Buffer,
  headers: { readonly [name: string]: string } = {},
): HttpResponse {
  const head = {
    status,
    headers: {
      'Content-Type': 'application/json',
      'Content-Length': String(Buffer.byteLength(body)),
      'x-amzn-RequestId': requestId,
      ...headers,
    },
  }
  if (typeof body === 'string') return { ...head, body }
  return {
    ...head,
    get body() {
      return body.toString()
    },
    bytes: body,
  }
}
