import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import type { Ingest } from '../ingest/ingest.ts'
import { OverloadError } from '../ingest/ingest.ts'
import { createMetrics } from './metrics.ts'

const tenant = { account: '000000000000', region: 'us-east-1' }

function watched(drops: number | 'unknown' = 4): ReturnType<typeof createMetrics> {
  const metrics = createMetrics('1.2.3', 1_700_000_000_000)
  metrics.watch({
    spoolBytes: () => 17,
    spoolLimitBytes: 100,
    spoolBacklog: async () => ({ files: 2, lagSeconds: 1.5 }),
    udp: () => ({ received: 5, rejected: 2, spillover: 1 }),
    kernelDrops: async () => (drops === 'unknown' ? undefined : drops),
    unloggedRejections: () => 6,
  })
  return metrics
}

/** The samples of one metric, as Prometheus reads them. */
async function samples(metrics: ReturnType<typeof createMetrics>, name: string): Promise<readonly string[]> {
  const lines = (await metrics.text()).split('\n')
  return lines.filter((line) => new RegExp(`^radiograph_${name}[ {]`).test(line))
}

it('docs/operations.md lists the same metrics, each with its type', async () => {
  const doc = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8')
  const documented = [...doc.matchAll(/^\| `(radiograph_\w+)` \| (\w+) \|/gm)].map((row) => `${row[1]} ${row[2]}`)
  const metrics = watched()
  const types = [...(await metrics.text()).matchAll(/^# TYPE (\S+) (\S+)$/gm)].map((line) => `${line[1]} ${line[2]}`)
  expect(documented.toSorted()).toEqual(types.toSorted())
  expect(metrics.names().toSorted()).toEqual(documented.map((row) => row.split(' ')[0] ?? '').toSorted())
})

it('counts documents by the call, and those of calls that failed', async () => {
  const metrics = watched()
  const errors = [undefined, new OverloadError('full'), new Error('EIO')]
  for (const error of errors) {
    const inner: Ingest = {
      accept: async () => (error === undefined ? { rejections: [] } : Promise.reject(error)),
    }
    await metrics
      .countIngest(inner)
      .accept(tenant, ['a', 'b'], 'http')
      .catch(() => undefined)
  }
  metrics.onRejection('ParseError')
  metrics.onRejection('ParseError')
  metrics.onOtlp(3)
  expect(await samples(metrics, 'documents_received_total')).toEqual([
    'radiograph_documents_received_total{source="http"} 6',
  ])
  expect(await samples(metrics, 'documents_refused_total')).toEqual([
    'radiograph_documents_refused_total{source="http",reason="overload"} 2',
    'radiograph_documents_refused_total{source="http",reason="failure"} 2',
  ])
  expect(await samples(metrics, 'documents_rejected_total')).toEqual([
    'radiograph_documents_rejected_total{code="ParseError"} 2',
  ])
  expect(await samples(metrics, 'otlp_strings_total')).toEqual(['radiograph_otlp_strings_total 3'])
})

it('times answers and inserts', async () => {
  const metrics = watched()
  metrics.onAnswer('BatchGetTraces', 200, 0.004)
  metrics.onAnswer('GetSamplingRules', 200, 0.004)
  metrics.onAnswer('/healthz', 200, 0.004)
  metrics.onAnswer(undefined, 404, 0.004)
  await metrics.timeInsert(async () => undefined)
  await expect(metrics.timeInsert(() => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(await samples(metrics, 'http_answer_seconds_count')).toEqual([
    'radiograph_http_answer_seconds_count{operation="BatchGetTraces",status="2xx"} 1',
    'radiograph_http_answer_seconds_count{operation="GetSamplingRules",status="2xx"} 1',
    'radiograph_http_answer_seconds_count{operation="/healthz",status="2xx"} 1',
    'radiograph_http_answer_seconds_count{operation="none",status="4xx"} 1',
  ])
  expect(await samples(metrics, 'queries_total')).toEqual(['radiograph_queries_total{operation="BatchGetTraces"} 1'])
  expect(await samples(metrics, 'store_insert_seconds_count')).toEqual(['radiograph_store_insert_seconds_count 2'])
  expect(await samples(metrics, 'store_insert_failures_total')).toEqual(['radiograph_store_insert_failures_total 1'])
})

it('reads what others keep when it is asked, twice the same', async () => {
  const metrics = watched()
  for (const _ of [1, 2]) {
    expect(await samples(metrics, '(spool|udp|rejections|build)_\\w+')).toEqual([
      'radiograph_build_info{version="1.2.3"} 1',
      'radiograph_spool_bytes 17',
      'radiograph_spool_limit_bytes 100',
      'radiograph_spool_files 2',
      'radiograph_spool_lag_seconds 1.5',
      'radiograph_udp_received_total 5',
      'radiograph_udp_rejected_total 2',
      'radiograph_udp_spillover_total 1',
      'radiograph_udp_kernel_drops 4',
      'radiograph_rejections_unlogged_total 6',
    ])
  }
  expect(await samples(watched('unknown'), 'udp_kernel_drops')).toEqual([])
})
