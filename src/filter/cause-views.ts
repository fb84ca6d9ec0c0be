import type { Json } from '../model/json.ts'
import type {
  FailedStep,
  RootCause,
  RootCauseException,
  RootCauseService,
  ServiceId,
  SlowStep,
} from '../model/summary.ts'
import type { View } from './field-views.ts'

/** One element of a list of a root cause, and where it stands in it (spec/query §1.7). */
export type Listed<T> = { readonly element: T; readonly position: number; readonly length: number }

type AnyStep = FailedStep | SlowStep

export const causeServiceView: View<'causeService', Listed<RootCauseService<AnyStep>>> = {
  flags: { ...placeFlags(), inferred: ({ element }) => element.inferred },
  numbers: { index: indexOf },
  texts: {
    name: ({ element }) => [element.serviceId.name],
    type: ({ element }) => listed(element.serviceId.type),
    'account.id': ({ element }) => listed(element.serviceId.accountId),
  },
  annotations: () => [],
  metadata: () => [],
}

export const causeEntityView: View<'causeEntity', Listed<FailedStep>> = {
  flags: { ...placeFlags(), remote: ({ element }) => element.remote },
  numbers: { index: indexOf },
  texts: { name: ({ element }) => [element.name] },
  annotations: () => [],
  metadata: () => [],
}

export const slowEntityView: View<'slowEntity', Listed<SlowStep>> = {
  flags: { ...placeFlags(), remote: ({ element }) => element.remote },
  numbers: { index: indexOf, coverage: ({ element }) => element.coverage },
  texts: { name: ({ element }) => [element.name] },
  annotations: () => [],
  metadata: () => [],
}

export const causeExceptionView: View<'causeException', Listed<RootCauseException>> = {
  flags: placeFlags(),
  numbers: { index: indexOf },
  texts: {
    name: ({ element }) => listed(element.name),
    message: ({ element }) => listed(element.message),
  },
  annotations: () => [],
  metadata: () => [],
}

function placeFlags(): {
  readonly first: (listed: Listed<unknown>) => boolean
  readonly last: (listed: Listed<unknown>) => boolean
} {
  return {
    first: ({ position }) => position === 0,
    last: ({ position, length }) => position === length - 1,
  }
}

function indexOf({ position }: Listed<unknown>): number {
  return position
}

function listed(text: string | undefined): readonly string[] {
  return text === undefined ? [] : [text]
}

/** The services of a root cause, in their order. */
export function servicesOf<Step>({ services }: RootCause<Step>): readonly RootCauseService<Step>[] {
  return services
}

/** The entities of all of its services. */
export function entitiesOf<Step>({ services }: RootCause<Step>): readonly Step[] {
  return services.flatMap(({ entityPath }) => entityPath)
}

/** The exceptions of all of its entities. */
export function exceptionsOf(cause: RootCause<FailedStep>): readonly RootCauseException[] {
  return entitiesOf(cause).flatMap(({ exceptions }) => exceptions)
}

/** A root cause as templates see it: in AWS's spelling, as summaries are answered (spec/query §1.7, §2.3). */
export function rootCauseJson(cause: RootCause<AnyStep>): Json {
  const services = cause.services.map(({ serviceId, inferred, entityPath }) => ({
    ...serviceJson(serviceId),
    Inferred: inferred,
    EntityPath: entityPath.map(stepJson),
  }))
  return { Services: services, ClientImpacting: cause.clientImpacting }
}

function serviceJson({ name, names, type, accountId }: ServiceId) {
  return {
    Name: name,
    Names: names,
    ...(accountId === undefined ? {} : { AccountId: accountId }),
    ...(type === undefined ? {} : { Type: type }),
  }
}

function stepJson(step: AnyStep) {
  const { name, remote } = step
  return 'coverage' in step
    ? { Name: name, Coverage: step.coverage, Remote: remote }
    : { Name: name, Exceptions: step.exceptions.map(exceptionJson), Remote: remote }
}

function exceptionJson({ name, message }: RootCauseException) {
  return { ...(name === undefined ? {} : { Name: name }), ...(message === undefined ? {} : { Message: message }) }
}

/**
 * Whether a value is what a template says: members that the template leaves out may be anything, all else is equal
 * (spec/query §1.7). As deep as the template, which the parser has limited.
 */
export function fitsTemplate(value: Json | undefined, template: Json): boolean {
  if (typeof template !== 'object' || template === null) return value === template
  if (typeof value !== 'object' || value === null) return false
  if (isList(template)) {
    return (
      isList(value) && value.length === template.length && template.every((part, at) => fitsTemplate(value[at], part))
    )
  }
  if (isList(value)) return false
  return Object.entries(template).every(([key, part]) => Object.hasOwn(value, key) && fitsTemplate(value[key], part))
}

function isList(json: Json): json is readonly Json[] {
  return Array.isArray(json)
}
