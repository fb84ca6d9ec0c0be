import type { CollectorIdentity, Telemetry, TelemetryCounts } from '../ingest/collectors.ts'
import type { Wire } from '../wire/xray/shapes.generated.ts'
import type { Call, Handler } from './handler.ts'

/** As the official daemon names itself among others (spec/ingest §1.1). */
const DAEMON = /\bxray-daemon\/v?([\w.+-]{1,32})/

/** Takes what a daemon says of its own health (spec/ingest §4.4). Empty strings count as absent: the daemon sends them. */
export function putTelemetryRecords(telemetry: Telemetry): Handler<'PutTelemetryRecords'> {
  return async (input, call) => {
    const collector = identify(input, call)
    telemetry.accept(
      input.TelemetryRecords.map((record) => ({
        collector,
        atMs: record.Timestamp * 1000,
        counts: readCounts(record),
      })),
    )
    return {}
  }
}

function identify(input: Wire['PutTelemetryRecordsRequest'], call: Call): CollectorIdentity {
  const members = {
    hostname: input.Hostname,
    instanceId: input.EC2InstanceId,
    resourceArn: input.ResourceARN,
    source: call.sourceAddress,
    daemonVersion: DAEMON.exec(call.userAgent ?? '')?.[1],
  }
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined && value !== ''))
}

function readCounts(record: Wire['TelemetryRecord']): TelemetryCounts {
  const errors = record.BackendConnectionErrors
  return {
    segmentsReceived: record.SegmentsReceivedCount ?? 0,
    segmentsSent: record.SegmentsSentCount ?? 0,
    segmentsSpillover: record.SegmentsSpilloverCount ?? 0,
    segmentsRejected: record.SegmentsRejectedCount ?? 0,
    backendTimeouts: errors?.TimeoutCount ?? 0,
    backendConnectionsRefused: errors?.ConnectionRefusedCount ?? 0,
    backendHttp4xx: errors?.HTTPCode4XXCount ?? 0,
    backendHttp5xx: errors?.HTTPCode5XXCount ?? 0,
    backendUnknownHosts: errors?.UnknownHostCount ?? 0,
    backendOtherErrors: errors?.OtherCount ?? 0,
  }
}
