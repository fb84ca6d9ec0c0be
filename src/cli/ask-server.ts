import { resolveConfig, type Environment } from '../server/config.ts'
import { StartError } from '../server/start-error.ts'

/** An object of the server's answer, such as a line, of any version. */
export type Line = { readonly [name: string]: unknown }

/** That of `serve`, of whose variables only the address matters here. */
export function usualAddress(environment: Environment): string {
  const { host, port } = resolveConfig({ auth: 'off' }, environment, () => '{}')
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}

/** Asks the server at this address for one of its own paths. */
export async function ask(url: string, path: string, parameters: URLSearchParams): Promise<Response> {
  const base = URL.canParse(url) ? new URL(url) : undefined
  if (base === undefined || !/^https?:$/.test(base.protocol)) {
    throw new StartError(`cannot ask ${url}: expected a URL such as http://127.0.0.1:2000`)
  }
  try {
    return await fetch(new URL(`${path}?${parameters.toString()}`, base))
  } catch (error) {
    throw new StartError(`cannot ask ${url}: ${reason(error as Error)}: is the server running there?`, { cause: error })
  }
}

/** The lines of an answer, as they come. */
export async function* linesOf({ body }: Response, url: string): AsyncGenerator<Line> {
  const decoder = new TextDecoder()
  let text = ''
  try {
    // Bodies of fetch are bytes, which its types do not say.
    for await (const bytes of (body ?? []) as AsyncIterable<Uint8Array>) {
      text += decoder.decode(bytes, { stream: true })
      const lines = text.split('\n')
      text = lines.pop() ?? ''
      for (const line of lines) yield parseLine(line)
    }
  } catch (error) {
    if (error instanceof StartError) throw error
    throw new StartError(`the answer of ${url} broke off: ${reason(error as Error)}`, { cause: error })
  }
}

const reason = ({ cause, message }: Error): string => (cause instanceof Error ? cause.message : message)

/** An object, without members where the text is no object. */
export function parseLine(line: string): Line {
  try {
    const value: unknown = JSON.parse(line)
    return isObject(value) ? value : {}
  } catch {
    return {}
  }
}

/** Whether a value has members. */
export const isObject = (value: unknown): value is Line => typeof value === 'object' && value !== null

/** A member that is a text. */
export function textOf(line: Line, name: string): string | undefined {
  const value = line[name]
  return typeof value === 'string' ? value : undefined
}

/** A member that is a number. */
export function numberOf(line: Line, name: string): number | undefined {
  const value = line[name]
  return typeof value === 'number' ? value : undefined
}
