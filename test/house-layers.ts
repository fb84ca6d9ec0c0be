/** What a layer may import. Its folder is the key in `LAYERS`, below `src`. */
export type Layer = {
  /** Other layers it may import; itself always. */
  readonly layers: readonly string[]
  /** Packages it may import. */
  readonly packages: readonly string[]
  /** Whether it may import Node's own modules. */
  readonly node: boolean
}

/** The engines of the store. Only `server/main.ts` names one. */
export const ENGINES: readonly string[] = ['store/memory', 'store/chdb', 'store/clickhouse']

const BELOW_SERVER: readonly string[] = [
  'model',
  'filter',
  'wire',
  'wire/xray',
  'spool',
  'store',
  'ingest',
  'query',
  'control',
  'demo',
  'api',
]

/**
 * Who may import whom: the rule of direction. A folder below a layer belongs to it, unless it has a line of its own.
 * `.oxlintrc.json` says the same to editors.
 */
export const LAYERS: Readonly<Record<string, Layer>> = {
  // Hashing alone: the ids of inferred segments have to be the same everywhere, and neither Node nor the DOM is.
  model: { layers: [], packages: ['@noble/hashes'], node: false },
  filter: { layers: ['model'], packages: [], node: false },
  wire: { layers: ['model', 'wire/xray'], packages: [], node: true },
  'wire/xray': { layers: ['model'], packages: [], node: false },
  'wire/own': { layers: [], packages: [], node: false },
  spool: { layers: ['model'], packages: [], node: true },
  store: { layers: ['model', 'filter', 'spool'], packages: [], node: true },
  'store/sql': { layers: ['model', 'filter', 'spool', 'store'], packages: [], node: true },
  'store/memory': { layers: ['model', 'filter', 'spool', 'store'], packages: [], node: true },
  'store/chdb': { layers: ['model', 'filter', 'spool', 'store', 'store/sql'], packages: ['chdb'], node: true },
  'store/clickhouse': {
    layers: ['model', 'filter', 'spool', 'store', 'store/sql'],
    packages: ['@clickhouse/client', '@clickhouse/client-common'],
    node: true,
  },
  ingest: { layers: ['model', 'filter', 'spool', 'store'], packages: [], node: true },
  query: { layers: ['model', 'filter', 'spool', 'store'], packages: [], node: true },
  control: { layers: ['model', 'filter', 'spool', 'store'], packages: [], node: true },
  demo: { layers: ['model'], packages: [], node: false },
  api: {
    layers: ['wire', 'wire/xray', 'wire/own', 'model', 'filter', 'ingest', 'query', 'control', 'demo'],
    packages: [],
    node: true,
  },
  server: { layers: BELOW_SERVER, packages: ['pino', 'prom-client', 'zod'], node: true },
  cli: { layers: ['server', 'demo'], packages: ['commander'], node: true },
  // Everything a browser needs is bundled, so all of these are development dependencies.
  console: {
    layers: ['model', 'filter', 'wire/xray', 'wire/own'],
    packages: [
      '@codemirror',
      '@dagrejs/dagre',
      '@internationalized/date',
      '@tanstack/react-query',
      '@tanstack/react-router',
      '@tanstack/react-virtual',
      'lucide-react',
      'react',
      'react-aria-components',
      'react-dom',
      'uplot',
      'zustand',
    ],
    node: false,
  },
}

/** Files that may import more than their layer may. The first is where the program is put together. */
export const EXCEPTIONS: ReadonlyMap<string, readonly string[]> = new Map([
  ['server/main.ts', [...ENGINES, 'store/sql']],
])

/** The layer of a file or folder below `src`, such as `store/chdb/chdb-engine.ts`; nothing when no line covers it. */
export function layerOf(path: string): string | undefined {
  const folders = path.split('/')
  for (let depth = folders.length; depth > 0; depth--) {
    const folder = folders.slice(0, depth).join('/')
    if (Object.hasOwn(LAYERS, folder)) return folder
  }
  return undefined
}

const IMPORT = /\b(?:from\s+|import\s*\(?\s*)(['"])([^'"\n]+)\1/g

/** What a source text imports: the specifiers of static and dynamic imports, re-exports and side effects. */
export function importsOf(source: string): readonly string[] {
  return [...withoutComments(source).matchAll(IMPORT)].map((match) => match[2] ?? '')
}

/** Source text without its comments. Good enough for code that oxfmt wrote: a `//` after a colon is a URL. */
export function withoutComments(source: string): string {
  return source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|[^:'"`\\])\/\/.*$/gm, '$1')
}
