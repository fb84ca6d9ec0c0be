import type { OwnEdge, OwnNode } from '../../wire/own/graph.ts'
import { isProblem } from './outcome-shares.ts'

/**
 * The one line of truth about a map: "42 services · 61 connections · 3 with problems", and how many of them it shows when
 * not all. Clients are no services.
 */
export function mapTruth(
  all: { readonly nodes: readonly OwnNode[]; readonly edges: readonly OwnEdge[] },
  chosen: readonly OwnNode[],
  shown: number,
): string {
  const services = all.nodes.filter(({ client }) => !client)
  const problems = services.filter(({ requests }) => isProblem(requests)).length
  const clients = chosen.filter(({ client }) => client).length
  const parts = [
    count(services.length, 'service', 'services'),
    count(all.edges.length, 'connection', 'connections'),
    problems === 0 ? 'no problems' : `${problems} with problems`,
  ]
  const drawn = Math.min(services.length, shown - clients)
  if (drawn < services.length) parts.push(`showing ${Math.max(0, drawn)} of ${services.length}`)
  return parts.join(' · ')
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`
}
