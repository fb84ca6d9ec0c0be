import type { OwnAnnotation, OwnRootCause, OwnTraceLine } from '../../wire/own/traces.ts'
import { outcomeOf, type Outcome } from '../words/outcome.ts'

/** A service that a trace touched, and what began there, if anything. */
export type RowService = { readonly name: string; readonly type: string; readonly cause?: Outcome }

/** What a list shows of a trace: a tenth of its summary, so that thousands can be kept. */
export type TraceRow = {
  readonly id: string
  /** Epoch seconds. */
  readonly start: number
  /** Seconds; of one in progress, so far. */
  readonly duration: number
  readonly responseTime?: number
  readonly inProgress: boolean
  readonly outcome: Outcome
  readonly status?: number
  readonly method: string
  readonly url: string
  /** Where it began: what it is called when there was no request. */
  readonly entry: string
  readonly clientIp: string
  readonly userAgent: string
  readonly users: readonly string[]
  readonly annotations: readonly (readonly [key: string, value: string])[]
  readonly services: readonly RowService[]
  readonly segments: number
  /** What went wrong where it began, in one line. */
  readonly cause: string
  readonly revision: number
}

/** Reads a line of `GET /api/traces`. Members that are missing are blank. */
export function readTraceRow(line: OwnTraceLine): TraceRow {
  const { Http: http = {} } = line
  const services = servicesOf(line)
  return {
    id: line.Id,
    start: line.StartTime ?? secondsOfId(line.Id),
    duration: line.Duration ?? 0,
    ...(line.ResponseTime === undefined ? {} : { responseTime: line.ResponseTime }),
    inProgress: line.IsPartial === true,
    outcome: outcomeOf({
      fault: line.HasFault === true,
      error: line.HasError === true,
      throttle: line.HasThrottle === true,
    }),
    ...(http.HttpStatus === undefined ? {} : { status: http.HttpStatus }),
    method: http.HttpMethod ?? '',
    url: http.HttpURL ?? '',
    entry: line.EntryPoint?.Name ?? services[0]?.name ?? '',
    clientIp: http.ClientIp ?? '',
    userAgent: http.UserAgent ?? '',
    users: (line.Users ?? []).flatMap(({ UserName }) => UserName ?? []),
    annotations: Object.entries(line.Annotations ?? {}).map(
      ([key, values]) => [key, values.map((value) => annotationText(value)).join(', ')] as const,
    ),
    services,
    segments: line.SegmentCount,
    cause: causeText(line.FaultRootCauses?.[0] ?? line.ErrorRootCauses?.[0]),
    revision: line.Revision ?? 0,
  }
}

/** The time in a trace id, epoch seconds: by it traces are found, unless it is far from when they were. */
export function secondsOfId(id: string): number {
  return Number.parseInt(id.slice(2, 10), 16) || 0
}

/** Each once; clients, which are named as what they call, are none. */
function servicesOf(line: OwnTraceLine): readonly RowService[] {
  const causes = new Map<string, Outcome>([
    ...beginnings(line.ErrorRootCauses).map((name) => [name, 'error'] as const),
    ...beginnings(line.FaultRootCauses).map((name) => [name, 'fault'] as const),
  ])
  const services = new Map<string, RowService>()
  for (const { Name: name, Type: type = '' } of line.ServiceIds ?? []) {
    if (name === undefined || type === 'client' || services.has(name)) continue
    const cause = causes.get(name)
    services.set(name, { name, type, ...(cause === undefined ? {} : { cause }) })
  }
  return [...services.values()]
}

function beginnings(causes: readonly OwnRootCause[] = []): readonly string[] {
  return causes.flatMap(({ Services: services = [] }) => services.at(-1)?.Name ?? [])
}

function causeText(cause: OwnRootCause | undefined): string {
  const service = cause?.Services?.at(-1)
  if (service === undefined) return ''
  const exception = service.EntityPath?.findLast((entity) => (entity.Exceptions ?? []).length > 0)?.Exceptions?.[0]
  return [service.Name, exception?.Name, exception?.Message].filter((part) => part !== undefined).join(' · ')
}

function annotationText({ AnnotationValue: value = {} }: OwnAnnotation): string {
  return String(value.StringValue ?? value.NumberValue ?? value.BooleanValue ?? '')
}
