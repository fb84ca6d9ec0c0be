import type { Paints } from './graph-node.tsx'
import styles from './graph-view.module.css'

/** What troubles are painted with, by a prefix that no other drawing on the page has. */
export function paintsOf(prefix: string): Paints {
  return {
    ok: 'var(--ok)',
    throttle: `url(#${prefix}throttle)`,
    error: `url(#${prefix}error)`,
    fault: 'var(--fault)',
  }
}

/** Patterns and arrow heads: errors are hatched and throttles dotted, so that colour is not all that tells them. */
export function GraphDefs({ prefix }: { readonly prefix: string }) {
  return (
    <defs>
      <pattern id={`${prefix}error`} width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect width="4" height="4" fill="var(--error)" />
        <rect width="1.2" height="4" fill="var(--bg)" opacity="0.75" />
      </pattern>
      <pattern id={`${prefix}throttle`} width="4" height="4" patternUnits="userSpaceOnUse">
        <rect width="4" height="4" fill="var(--throttle)" />
        <circle cx="2" cy="2" r="0.9" fill="var(--bg)" />
      </pattern>
      {(['head', 'lit'] as const).map((name) => (
        <marker
          key={name}
          id={`${prefix}${name}`}
          viewBox="0 -5 8 10"
          markerUnits="userSpaceOnUse"
          markerWidth="8"
          markerHeight="10"
          orient="auto"
        >
          <path className={styles[name]} d="M0 -4.5L8 0L0 4.5Z" />
        </marker>
      ))}
    </defs>
  )
}
