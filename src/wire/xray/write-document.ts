import type { Cause, Entity, Exception, Http, SpanLink, Sql } from '../../model/entity.ts'
import type { TraceId } from '../../model/ids.ts'
import type { ProcessedDocument } from '../../model/processed-documents.ts'
import { jsonText } from './json-text.ts'
import type { Printable } from './json-text.ts'

type Members = { readonly [key: string]: Printable }

/**
 * The document that BatchGetTraces returns for one entry of a trace: AWS's names in AWS's order, nothing null,
 * `in_progress` only while open (spec/ingest §2.13). An orphan keeps `type` and `parent_id` (§3.1), an inferred segment
 * says so (§3.5). Merged trees may be deeper than any one document, so this never recurses.
 */
export function writeDocument(traceId: TraceId, root: ProcessedDocument): string {
  const { entity, parentId } = root
  return jsonText({
    id: entity.id,
    name: entity.name,
    start_time: entity.startTime,
    trace_id: traceId,
    end_time: entity.endTime,
    parent_id: parentId,
    type: root.kind === 'orphan' ? 'subsegment' : undefined,
    inferred: root.kind === 'inferred' ? true : undefined,
    ...membersAfterTimes(entity),
  })
}

/** The text of a subsegment as it stands in such a document. */
export function writeSubsegment(entity: Entity): string {
  return jsonText(embedded(entity))
}

function embedded(entity: Entity): Members {
  return {
    id: entity.id,
    name: entity.name,
    start_time: entity.startTime,
    end_time: entity.endTime,
    ...membersAfterTimes(entity),
  }
}

function membersAfterTimes(entity: Entity): Members {
  const { subsegments } = entity
  return {
    in_progress: entity.inProgress ? true : undefined,
    http: entity.http && writeHttp(entity.http),
    aws: entity.aws,
    annotations: entity.annotations,
    metadata: entity.metadata,
    origin: entity.origin,
    resource_arn: entity.resourceArn,
    user: entity.user,
    service: entity.service,
    namespace: entity.namespace,
    error: entity.error,
    throttle: entity.throttle,
    fault: entity.fault,
    cause: entity.cause && writeCause(entity.cause),
    sql: entity.sql && writeSql(entity.sql),
    precursor_ids: entity.precursorIds,
    traced: entity.traced,
    links: entity.links?.map(writeLink),
    // Functions, so that each level is made when the one above is printed and not inside it.
    subsegments: subsegments.length === 0 ? undefined : subsegments.map((child) => () => embedded(child)),
  }
}

function writeHttp(http: Http): Members {
  return {
    request: unlessEmpty({
      method: http.method,
      url: http.url,
      user_agent: http.userAgent,
      client_ip: http.clientIp,
      x_forwarded_for: http.xForwardedFor,
      traced: http.traced,
    }),
    response: unlessEmpty({ status: http.status, content_length: http.contentLength }),
  }
}

function unlessEmpty(members: Members): Members | undefined {
  return Object.values(members).some((member) => member !== undefined) ? members : undefined
}

function writeCause(cause: Cause): Printable {
  if (cause.kind === 'reference') return cause.id
  return {
    id: cause.id,
    message: cause.message,
    working_directory: cause.workingDirectory,
    paths: cause.paths,
    exceptions: cause.exceptions?.map(writeException),
  }
}

function writeException(exception: Exception): Members {
  return {
    id: exception.id,
    message: exception.message,
    type: exception.type,
    remote: exception.remote,
    truncated: exception.truncated,
    skipped: exception.skipped,
    cause: exception.cause,
    stack: exception.stack?.map(({ path, line, label }) => ({ path, line, label })),
  }
}

function writeSql(sql: Sql): Members {
  return {
    connection_string: sql.connectionString,
    url: sql.url,
    sanitized_query: sql.sanitizedQuery,
    database_type: sql.databaseType,
    database_version: sql.databaseVersion,
    driver_version: sql.driverVersion,
    user: sql.user,
    preparation: sql.preparation,
  }
}

function writeLink(link: SpanLink): Members {
  return { trace_id: link.traceId, id: link.id, attributes: link.attributes }
}
