/** Where senders reach the server, as this browser sees it. */
export type Reach = {
  /** Of HTTP, without a slash at its end, such as `http://127.0.0.1:2000`. */
  readonly url: string
  /** `host:port` as the server listens; undefined where UDP is off. */
  readonly udp: string | undefined
  readonly region: string
}

/** One way to send, and what to run for it. */
export type WayToSend = { readonly title: string; readonly about: string; readonly code: string }

/** The ways to send traces to this server (console §4.11). `now` is in epoch seconds, `random` 24 hex digits and more. */
export function waysToSend(reach: Reach, now: number, random: string): readonly WayToSend[] {
  return [
    {
      title: 'A service with an X-Ray SDK',
      about:
        reach.udp === undefined
          ? 'UDP is off here, which the SDKs send by. Sampling rules come over TCP.'
          : 'Set this where the service runs. No daemon is needed: this is one.',
      code: `export AWS_XRAY_DAEMON_ADDRESS="${daemonAddress(reach)}"`,
    },
    {
      title: 'An AWS SDK, or the AWS CLI',
      about: 'Any credentials do. In boto3: boto3.client("xray", endpoint_url="…").',
      code: [
        `export AWS_ENDPOINT_URL_XRAY=${reach.url}`,
        `export AWS_REGION=${reach.region}`,
        'export AWS_ACCESS_KEY_ID=any AWS_SECRET_ACCESS_KEY=any',
        'aws xray put-trace-segments --trace-segment-documents \\',
        `  '${firstSegment(now, random)}'`,
      ].join('\n'),
    },
    {
      title: 'A shell with curl',
      about: 'One segment, which is a whole trace.',
      code: [
        `curl -X POST ${reach.url}/TraceSegments \\`,
        "  -H 'Content-Type: application/json' \\",
        `  -d '${JSON.stringify({ TraceSegmentDocuments: [firstSegment(now, random)] })}'`,
      ].join('\n'),
    },
  ]
}

/** One address for both, or each with its own where they differ; what listens everywhere is reached as the page is. */
function daemonAddress({ url, udp }: Reach): string {
  const { hostname, port, protocol } = new URL(url)
  const tcp = `${hostname}:${port === '' ? (protocol === 'https:' ? 443 : 80) : port}`
  if (udp === undefined) return `tcp:${tcp}`
  const [, host = '', udpPort = ''] = /^(.*):(\d+)$/.exec(udp) ?? []
  const reached = /^(0\.0\.0\.0|\[?::\]?|)$/.test(host) ? hostname : host
  const both = `${reached}:${udpPort}`
  return both === tcp ? both : `tcp:${tcp} udp:${both}`
}

/** A segment document of a request that has just ended, in a trace of its own. */
function firstSegment(now: number, random: string): string {
  const end = Math.round(now * 1_000) / 1_000
  return JSON.stringify({
    trace_id: `1-${Math.floor(end).toString(16).padStart(8, '0')}-${random.slice(0, 24)}`,
    id: random.slice(-16),
    name: 'hello',
    start_time: Math.round((end - 0.25) * 1_000) / 1_000,
    end_time: end,
    http: { request: { method: 'GET', url: 'http://hello.example/' }, response: { status: 200 } },
  })
}
