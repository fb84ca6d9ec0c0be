import type { NodeKind } from './node-kind.ts'

/** The pictures of what nodes are, drawn on 16 × 16. */
const PATHS: Readonly<Record<NodeKind, string>> = {
  client: 'M2 3h12v8H2zM6 14h4M8 11v3',
  service: 'M8 1.5l5.6 3.25v6.5L8 14.5l-5.6-3.25v-6.5z',
  function: 'M3 2.5h2.2L12 13.5h1.5M7.3 6L3 13.5',
  queue: 'M1.5 5h13v6h-13zM6 5v6M10 5v6',
  topic:
    'M8 8m-1.6 0a1.6 1.6 0 1 0 3.2 0a1.6 1.6 0 1 0-3.2 0M4.6 4.6a4.8 4.8 0 0 0 0 6.8M11.4 4.6a4.8 4.8 0 0 1 0 6.8M2.5 2.5a7.8 7.8 0 0 0 0 11M13.5 2.5a7.8 7.8 0 0 1 0 11',
  table: 'M2 3h12v10H2zM2 6.5h12M2 9.8h12M6.5 6.5V13',
  database: 'M3 4c0-2.2 10-2.2 10 0v8c0 2.2-10 2.2-10 0zM3 4c0 2.2 10 2.2 10 0M3 8c0 2.2 10 2.2 10 0',
  bucket: 'M2.5 3.5h11L12 14H4zM3 6.5h10',
  gateway: 'M3 2v12M13 2v12M5 8h6M8.5 5.5L11 8l-2.5 2.5',
  remote:
    'M8 8m-6.3 0a6.3 6.3 0 1 0 12.6 0a6.3 6.3 0 1 0-12.6 0M1.7 8h12.6M8 1.7c-3.6 3.6-3.6 9 0 12.6M8 1.7c3.6 3.6 3.6 9 0 12.6',
  aws: 'M4.5 12.5a3 3 0 0 1-.3-6A4 4 0 0 1 12 6.6a3 3 0 0 1-.5 5.9z',
}

/** The picture of a kind, of the colour of its text. */
export function KindGlyph({ kind, size = 16 }: { readonly kind: NodeKind; readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 16 16" aria-hidden="true">
      <path d={PATHS[kind]} fill="none" stroke="currentColor" strokeWidth={1.4} strokeLinejoin="round" />
    </svg>
  )
}

/** The same in the drawing of a map, around the origin. */
export function MapGlyph({ kind, size }: { readonly kind: NodeKind; readonly size: number }) {
  return <path d={PATHS[kind]} transform={`scale(${size / 16}) translate(-8 -8)`} />
}
