import { headerText } from '../wire/aws/http-message.ts'
import type { RequestHeaders } from '../wire/aws/http-message.ts'

/** Whether `Accept-Encoding` names this one, and not with weight zero (RFC 9110 §12.5.3). */
export function acceptsEncoding(headers: RequestHeaders, encoding: 'br' | 'gzip'): boolean {
  return (headerText(headers, 'accept-encoding') ?? '').split(',').some((entry) => {
    const [name, ...parameters] = entry.split(';').map((part) => part.trim().toLowerCase())
    return name === encoding && !parameters.some((parameter) => /^q=0(?:\.0*)?$/.test(parameter))
  })
}
