import type { ServiceId } from '../summary.ts'
import type { InsightEvidence } from './insight.ts'

/** Requests, faults and errors. Short, since there are many of them in a state that is kept. */
export type Counted = readonly [requests: number, faults: number, errors: number]

/** What was counted in a stretch that starts at a second. */
export type TimedCounts = readonly [startSeconds: number, requests: number, faults: number, errors: number]

/** A node that had requests in the last 24 hours. */
export type WatchedNode = {
  /** Names it within the state, and is never used again. */
  readonly id: number
  /** `nodeKey` of the service. */
  readonly key: string
  readonly service: ServiceId
  /** The end of the last minute in which it had requests. */
  readonly seenSeconds: number
  /** All since it was first seen. */
  readonly total: Counted
  /** The minutes of the last five that have requests. */
  readonly recent: readonly TimedCounts[]
  /** Stretches of five minutes that are not learnt from yet, being too new. */
  readonly unlearnt: readonly TimedCounts[]
  /** The fault rate to be expected, 0 to 1. */
  readonly rate: number
  /** Consecutive runs with too many faults, as far as they matter. */
  readonly runsOver: number
  /** Consecutive runs without. */
  readonly runsWithout: number
  readonly isAnomalous: boolean
  /** The id of the active insight that it belongs to, as long as that is active. */
  readonly insight?: string
}

/** Ids of nodes, and the end of the last minute in which one called the other. */
export type WatchedEdge = readonly [from: number, to: number, seenSeconds: number]

/** An insight that is active. */
export type OpenInsight = {
  readonly id: string
  readonly startSeconds: number
  readonly openedSeconds: number
  /** The end of the last anomalous minute. */
  readonly lastAnomalousSeconds: number
  /** The id of the node. */
  readonly rootNode: number
  readonly rootCause: ServiceId
  /** Ids of nodes. */
  readonly topNodes: readonly number[]
  readonly topServices: readonly ServiceId[]
  readonly services: readonly ServiceId[]
  readonly evidence: InsightEvidence
  /** The requests of clients since the start. */
  readonly clients: Counted
  /** `total` of each node at the start, by id; 0 for those that were not known then. */
  readonly before: readonly (readonly [id: number, ...Counted])[]
  /** How many there were. */
  readonly events: number
  readonly eventSeconds: number
  /** The fault rate of the first of the top services at the last event, and the greatest one since it is the first. */
  readonly share: number
  readonly peakShare: number
  /** What was expected at most when that was seen. */
  readonly expectedShare: number
}

/**
 * All that the detector knows of a group: plain JSON, without names as keys, since names are hostile. It holds at most
 * `MAX_NODES` nodes, `MAX_EDGES` edges and `MAX_ACTIVE` insights.
 */
export type DetectorState = {
  /** Changes with the meaning of the rest, so that a state of another version is not read as one of this. */
  readonly version: 1
  /** The end of the last minute that was looked at; 0 before the first one. */
  readonly throughSeconds: number
  readonly nextNode: number
  /** The requests of clients in the last five minutes. */
  readonly clients: readonly TimedCounts[]
  readonly nodes: readonly WatchedNode[]
  readonly edges: readonly WatchedEdge[]
  readonly insights: readonly OpenInsight[]
}

/** Beyond it new nodes are not watched, as long as those there are have requests. */
export const MAX_NODES = 1_000
/** Beyond it new edges are not. */
export const MAX_EDGES = 5_000

/** Beyond it none is opened until one is over: each remembers where all nodes were when it began. */
export const MAX_ACTIVE = 100

/** The state before the first minute. */
export const emptyDetector: DetectorState = {
  version: 1,
  throughSeconds: 0,
  nextNode: 1,
  clients: [],
  nodes: [],
  edges: [],
  insights: [],
}
