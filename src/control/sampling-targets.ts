import type { SamplingRule } from '../model/sampling-rule.ts'
import type { Tenant } from '../model/tenant.ts'
import { tenantKey } from './follow-log.ts'
import type { SamplingCounts, SamplingWindow } from './rule-usage.ts'
import { RuleUsage } from './rule-usage.ts'
import type { Anomalies } from './sampling-boost.ts'
import type { SamplingRules } from './sampling-rules.ts'

/** What one client counted for one rule. */
export type SamplingReport = SamplingCounts & {
  readonly rule: string
  readonly client: string
  /** Epoch seconds by the client's clock. */
  readonly timeSeconds: number
}

/** What one client saw of anomalies under one rule. */
export type AnomalyReport = Anomalies & { readonly rule: string; readonly timeSeconds: number }

/** What a client may sample by a rule until it asks again; times are epoch seconds. */
export type SamplingTarget = {
  readonly rule: string
  readonly fixedRate: number
  readonly quota: number
  readonly quotaEndSeconds: number
  readonly intervalSeconds: number
  readonly boost?: { readonly rate: number; readonly endSeconds: number }
}

/** A report that was not counted. SDKs look at the first digit of the code: 4 makes them fetch the rules again. */
export type UncountedReport = { readonly rule: string; readonly code: '400' | '404'; readonly message: string }

/** The answer to reports. */
export type SamplingTargets = {
  /** One for each rule and client that was reported, in the order of the reports. */
  readonly targets: readonly SamplingTarget[]
  readonly uncounted: readonly UncountedReport[]
  readonly uncountedAnomalies: readonly UncountedReport[]
}

/** Shares the reservoirs of the rules among those who use them, and counts what they sample (spec/query §4.4, §4.5). */
export type Samplers = {
  report(
    tenant: Tenant,
    reports: readonly SamplingReport[],
    anomalies: readonly AnomalyReport[],
    nowSeconds: number,
  ): SamplingTargets
  /** The ten seconds of which there were reports, the newest first, of the last 30 minutes; of rules that are there. */
  windows(tenant: Tenant, nowSeconds: number): readonly (SamplingWindow & { readonly rule: string })[]
}

const INTERVAL_SECONDS = 10
const QUOTA_SECONDS = 300
/** Reports about other times than the last minutes are not worth counting. */
const MAX_SKEW_SECONDS = 300
/** Nothing of a tenant is kept for longer than that. */
const IDLE_SECONDS = 30 * 60
/** Calls need no signature, so anybody can name accounts and regions. Of any more nothing is remembered. */
const MAX_TENANTS = 10_000

/** A rule that was deleted and made anew is another one. */
type UsedRule = { readonly createdMs: number; readonly usage: RuleUsage }

type UsedRules = { seenSeconds: number; readonly rules: Map<string, UsedRule> }

type KnownRule = { readonly rule: SamplingRule; readonly usage: RuleUsage }

/** Keeps in memory who uses which rule: what is lost by a restart is learnt again within a few intervals. */
export function createSamplers(rules: SamplingRules): Samplers {
  const tenants = new Map<string, UsedRules>()

  function usedBy(tenant: Tenant, nowSeconds: number): UsedRules {
    const key = tenantKey(tenant)
    let used = tenants.get(key)
    if (used === undefined) {
      for (const [other, { seenSeconds }] of tenants) {
        if (nowSeconds - seenSeconds > IDLE_SECONDS + MAX_SKEW_SECONDS) tenants.delete(other)
      }
      used = { seenSeconds: nowSeconds, rules: new Map() }
      if (tenants.size < MAX_TENANTS) tenants.set(key, used)
    }
    used.seenSeconds = nowSeconds
    return used
  }

  /** The rules that are there, each with its usage; that of rules that are gone is forgotten. */
  function knownRules(tenant: Tenant, used: UsedRules): ReadonlyMap<string, KnownRule> {
    const known = new Map<string, KnownRule>()
    for (const { rule, createdMs } of rules.list(tenant)) {
      let own = used.rules.get(rule.name)
      if (own?.createdMs !== createdMs) used.rules.set(rule.name, (own = { createdMs, usage: new RuleUsage() }))
      known.set(rule.name, { rule, usage: own.usage })
    }
    for (const name of used.rules.keys()) if (!known.has(name)) used.rules.delete(name)
    return known
  }

  return {
    report(tenant, reports, anomalies, nowSeconds) {
      const known = knownRules(tenant, usedBy(tenant, nowSeconds))
      const uncountedAnomalies = anomalies.flatMap((report) => countAnomalies(known, report, nowSeconds) ?? [])
      const uncounted = reports.flatMap((report) => countReport(known, report, nowSeconds) ?? [])
      // Every client of this call is known by now, so that all of them share.
      const asked = new Map(
        reports
          .filter((report) => refuse(known, report, nowSeconds) === undefined)
          .map((report) => [JSON.stringify([report.rule, report.client]), report]),
      )
      const targets = [...asked.values()].flatMap(({ rule, client }) => {
        const found = known.get(rule)
        return found === undefined ? [] : [targetOf(found, client, nowSeconds)]
      })
      return { targets, uncounted, uncountedAnomalies }
    },

    windows(tenant, nowSeconds) {
      const used = tenants.get(tenantKey(tenant))
      if (used === undefined) return []
      return [...knownRules(tenant, used)]
        .flatMap(([rule, { usage }]) => usage.windows(nowSeconds).map((window) => ({ rule, ...window })))
        .toSorted((a, b) => b.startSeconds - a.startSeconds || (a.rule < b.rule ? -1 : 1))
    },
  }
}

type Known = ReadonlyMap<string, KnownRule>

function countReport(known: Known, report: SamplingReport, nowSeconds: number): UncountedReport | undefined {
  const refusal = refuse(known, report, nowSeconds)
  if (refusal !== undefined) return refusal
  known.get(report.rule)?.usage.report(report.client, report.timeSeconds, report, nowSeconds)
  return undefined
}

function countAnomalies(known: Known, report: AnomalyReport, nowSeconds: number): UncountedReport | undefined {
  const refusal = refuse(known, report, nowSeconds)
  if (refusal !== undefined) return refusal
  const found = known.get(report.rule)
  if (found?.rule.boost === undefined) {
    return { rule: report.rule, code: '400', message: 'The rule has no SamplingRateBoost' }
  }
  found.usage.reportAnomalies(report, nowSeconds)
  return undefined
}

function refuse(
  known: Known,
  { rule, timeSeconds }: Pick<SamplingReport, 'rule' | 'timeSeconds'>,
  nowSeconds: number,
): UncountedReport | undefined {
  if (!known.has(rule)) return { rule, code: '404', message: `Sampling rule ${rule} does not exist.` }
  if (Math.abs(nowSeconds - timeSeconds) <= MAX_SKEW_SECONDS) return undefined
  return { rule, code: '400', message: 'The Timestamp is more than 5 minutes away from now' }
}

function targetOf({ rule, usage }: KnownRule, client: string, nowSeconds: number): SamplingTarget {
  const { name, fixedRate, reservoirSize } = rule
  const boost = rule.boost === undefined ? undefined : usage.boost({ fixedRate, boost: rule.boost }, nowSeconds)
  return {
    rule: name,
    fixedRate,
    quota: usage.quota(client, reservoirSize),
    quotaEndSeconds: Math.floor(nowSeconds) + QUOTA_SECONDS,
    intervalSeconds: INTERVAL_SECONDS,
    ...(boost === undefined ? {} : { boost: { rate: boost.rate, endSeconds: boost.endSeconds } }),
  }
}
