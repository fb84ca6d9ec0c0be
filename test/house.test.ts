import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'

import { describe, expect, it } from 'vitest'

import { OPTION_KEYS, optionNames } from '../src/server/options.ts'
import { errorCatalogue } from '../src/wire/aws/error-catalogue.ts'
import { ENGINES, EXCEPTIONS, importsOf, layerOf, LAYERS, withoutComments } from './house-layers.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
/** Made by tools, or not ours. */
const NOT_OURS = new Set(['.git', '.cache', 'node_modules', 'dist', 'coverage', 'package-lock.json'])
const TEXT = /\.(?:ts|tsx|mjs|js|json|md|yml|yaml|sh|txt|css|html)$|\/(?:run|LICENSE|\.[a-z]+)$/
const MAX_LINES = 400

/** Files that may be longer than the others, each with the reason. */
const LONG_FILES: ReadonlyMap<string, string> = new Map([])

const all = filesBelow('').filter((path) => TEXT.test(`/${path}`) && !path.startsWith('bench/data/'))
const code = all.filter((path) => /\.(?:ts|tsx|mjs)$/.test(path) && !path.endsWith('.generated.ts'))
const tests = code.filter((path) => path.endsWith('.test.ts') || path.startsWith('test/'))
const sources = all.filter((path) => /^src\/.*\.tsx?$/.test(path) && !/\.(?:test|bench)\.ts$/.test(path))
const folders = [...new Set(sources.map((path) => dirname(path).slice('src/'.length)))]

/** What a rule looked at, and what it found wrong. */
type Finding = { readonly looked: number; readonly wrong: readonly string[] }

type Rule = {
  /** Says what to do. It is what a failure prints. */
  readonly rule: string
  readonly look: () => Finding
  /** Fewer things than this to look at mean that the rule has gone blind. */
  readonly atLeast: number
}

const imports = sources.flatMap((path) => importsOf(read(path)).map((specifier) => ({ path, specifier })))

const rules: readonly Rule[] = [
  {
    rule: 'Import only what the layer may (test/house-layers.ts): arrows point inward, and what is missing is passed as an argument',
    look: () => ({
      looked: imports.length,
      wrong: imports.flatMap(({ path, specifier }) => wrongImport(path, specifier)),
    }),
    atLeast: 100,
  },
  {
    rule: 'Give every folder of src a line in LAYERS (test/house-layers.ts) that says what it may import',
    look: () => ({
      looked: folders.length,
      wrong: [
        ...folders.filter((folder) => layerOf(folder) === undefined),
        ...folders.filter((folder) => /^store\/./.test(folder) && layerOf(folder) === 'store'),
      ],
    }),
    atLeast: 8,
  },
  {
    rule: 'Give every layer an override with no-restricted-imports in .oxlintrc.json, so that editors know the rule, too',
    look: () => {
      const lint = read('.oxlintrc.json')
      const layers = Object.keys(LAYERS).filter((layer) => !layer.includes('/'))
      return { looked: layers.length, wrong: layers.filter((layer) => !lint.includes(`"src/${layer}/**/*.ts"`)) }
    },
    atLeast: 12,
  },
  {
    rule: 'Name an engine in src/server/main.ts only; everything else takes the contract of store/store.ts',
    look: () => {
      const naming = imports.filter(({ path, specifier }) => ENGINES.includes(targetLayer(path, specifier) ?? ''))
      const outside = naming.filter(({ path }) => !ENGINES.includes(layerOf(path.slice(4)) ?? ''))
      return {
        looked: naming.length,
        wrong: outside.map(({ path }) => path).filter((path) => path !== 'src/server/main.ts'),
      }
    },
    atLeast: 3,
  },
  {
    rule: 'Begin every source folder with a README.md of a few lines: what it is, what it may import, what to read first',
    look: () => ({
      looked: folders.length,
      wrong: folders
        .map((folder) => `src/${folder}/README.md`)
        .filter((path) => !all.includes(path) || lines(path) < 3),
    }),
    atLeast: 8,
  },
  {
    rule: `Split files of over ${MAX_LINES} lines, or add them to LONG_FILES with the reason`,
    look: () => ({
      looked: code.length,
      wrong: code
        .filter((path) => lines(path) > MAX_LINES && !LONG_FILES.has(path))
        .map((path) => `${path}: ${lines(path)}`),
    }),
    atLeast: 80,
  },
  {
    rule: 'Remove .only, and say in a comment beside it, or in the argument of skip(), why a test is skipped',
    look: () => ({ looked: tests.length, wrong: tests.flatMap(wrongSkips) }),
    atLeast: 20,
  },
  {
    rule: 'Commit no path of a machine; make paths from the place of the file, or from a temporary directory',
    look: () => ({ looked: all.length, wrong: linesMatching(all, MACHINE_PATH) }),
    atLeast: 100,
  },
  {
    rule: 'Say what a value is instead of "any"; "unknown" and a check, when it comes from outside',
    look: () => ({
      looked: code.length,
      wrong: linesMatching(
        code.filter((path) => path.endsWith('.ts')),
        ANY,
      ),
    }),
    atLeast: 80,
  },
  {
    rule: 'Take time, chance and the environment as arguments; they enter in server/main.ts and cli',
    look: () => {
      const inner = sources.filter((path) => !/^src\/(?:server|cli|console)\//.test(path))
      return { looked: inner.length, wrong: linesMatching(inner, OUTSIDE_WORLD) }
    },
    atLeast: 50,
  },
  {
    rule: 'End the process in cli only; everything else throws, or closes what it opened',
    look: () => {
      const others = sources.filter((path) => !path.startsWith('src/cli/'))
      return { looked: others.length, wrong: linesMatching(others, /\bprocess\.(?:exit\b|exitCode|abort|kill)/) }
    },
    atLeast: 50,
  },
  {
    rule: 'Export by name: no default exports, and no barrels (index.ts)',
    look: () => ({
      looked: sources.length,
      wrong: [...linesMatching(sources, /^export default\b/), ...sources.filter((path) => /\/index\.tsx?$/.test(path))],
    }),
    atLeast: 50,
  },
  {
    rule: 'Name files after what they hold: no utils, helpers, common, misc or manager',
    look: () => ({
      looked: code.length,
      wrong: code.filter((path) => /(?:^|[/-])(?:utils?|helpers?|common|misc|manager)(?:[-./]|$)/.test(path)),
    }),
    atLeast: 80,
  },
  {
    rule: 'Describe every setting in docs/configuration.md: run "npm run generate"',
    look: () => {
      const names = OPTION_KEYS.flatMap((key) => [key, optionNames(key).flag, optionNames(key).variable])
      const doc = read('docs/configuration.md')
      return { looked: names.length, wrong: names.filter((name) => !new RegExp(`\`${name}[\` ]`).test(doc)) }
    },
    atLeast: 30,
  },
  {
    rule: 'Describe every error in docs/errors.md, and every rejection in docs/rejections.md',
    look: () => {
      const rejections = [...read('src/model/outcome.ts').matchAll(/^ {2}\| '(\w+)'$/gm)].map((match) => match[1] ?? '')
      const errors = Object.entries(errorCatalogue).map(([code, entry]) => ('type' in entry ? entry.type : code))
      const names = [...errors, ...rejections]
      const doc = read('docs/errors.md') + read('docs/rejections.md')
      return { looked: names.length, wrong: names.filter((name) => !doc.includes(`\`${name}\``)) }
    },
    atLeast: 30,
  },
]

// Put together, since this file is looked at, too.
const MACHINE_PATH = new RegExp(`(?<![\\w.\\\\])/(?:${['wo' + 'rk', 'ro' + 'ot'].join('|')})/`)
const ANY = /(?:[:<|&,(=]|\bas) *any\b *(?:[;,)>\]|&=}[]|$)/
const OUTSIDE_WORLD = /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bprocess\.env\b|\brandomUUID\b|\brandomBytes\b/

describe('the house', () => {
  it.each(rules)('$rule', ({ rule, look, atLeast }) => {
    const { looked, wrong } = look()
    expect(wrong, `${rule}.`).toEqual([])
    expect(looked, 'The rule must have looked at something').toBeGreaterThanOrEqual(atLeast)
  })

  it('Look at every layer that is there', () => {
    const present = readdirSync(join(ROOT, 'src'), { withFileTypes: true }).filter((entry) => entry.isDirectory())
    const seen = new Set(folders.map((folder) => folder.split('/')[0]))
    const unseen = present
      .map((entry) => entry.name)
      .filter((name) => !seen.has(name) && filesBelow(`src/${name}`).length > 0)
    expect(unseen, 'A folder of src holds files, and none of them is TypeScript').toEqual([])
  })
})

describe('the house sees', () => {
  it.each<[string, readonly string[]]>([
    ["import { a } from '../model/a.ts'", ['../model/a.ts']],
    ["import {\n  a,\n  type B,\n} from './b.ts'", ['./b.ts']],
    ["import type { A } from 'zod'", ['zod']],
    ["export { a } from './a.ts'", ['./a.ts']],
    ["import 'side-effect'", ['side-effect']],
    ["const a = await import('./lazy.ts')", ['./lazy.ts']],
    ["// import { a } from './comment.ts'", []],
  ])('the imports of %j', (source, specifiers) => {
    expect(importsOf(source)).toEqual(specifiers)
  })

  it.each<[string, string, number]>([
    ['src/model/a.ts', '../store/store.ts', 1],
    ['src/model/a.ts', 'node:fs', 1],
    ['src/model/a.ts', './b.ts', 0],
    ['src/store/chdb/a.ts', '../memory/memory-store.ts', 1],
    ['src/store/chdb/a.ts', '../store.ts', 0],
    ['src/store/chdb/a.ts', 'chdb', 0],
    ['src/store/memory/a.ts', 'chdb', 1],
    ['src/query/a.ts', '../wire/xray/shapes.generated.ts', 1],
    ['src/query/a.ts', '../store/sql/statements.ts', 1],
    ['src/server/http.ts', '../store/chdb/chdb-engine.ts', 1],
    ['src/server/main.ts', '../store/chdb/chdb-engine.ts', 0],
    ['src/cli/main.ts', '../model/ids.ts', 1],
    ['src/cli/main.ts', '../../test/fixtures/segments.ts', 1],
    ['src/nowhere/a.ts', '../model/ids.ts', 1],
  ])('%s importing %s: %i wrong', (path, specifier, count) => {
    expect(wrongImport(path, specifier)).toHaveLength(count)
  })

  it.each([
    ['const a: ANY = 1', true],
    ['as ANY)', true],
    ['Map<string, ANY>', true],
    ['in ANY order', false],
    ["'ANY'", false],
  ])('any in %j: %s', (source, found) => {
    expect(ANY.test(source.replace('ANY', 'any'))).toBe(found)
  })
})

function wrongImport(path: string, specifier: string): readonly string[] {
  const from = layerOf(path.slice('src/'.length))
  const layer = from === undefined ? undefined : LAYERS[from]
  if (from === undefined || layer === undefined) return [`${path} is in no layer`]
  const complaint = [`${path} imports ${specifier}, which ${from} may not`]
  if (specifier.startsWith('node:')) return layer.node ? [] : complaint
  if (!specifier.startsWith('.')) return layer.packages.some((name) => isOf(specifier, name)) ? [] : complaint
  const to = targetLayer(path, specifier)
  if (to === undefined) return complaint
  const allowed = [from, ...layer.layers, ...(EXCEPTIONS.get(path.slice('src/'.length)) ?? [])]
  return allowed.includes(to) ? [] : complaint
}

function targetLayer(path: string, specifier: string): string | undefined {
  const target = normalize(join(dirname(path), specifier))
  return specifier.startsWith('.') && target.startsWith('src/') ? layerOf(target.slice('src/'.length)) : undefined
}

function isOf(specifier: string, name: string): boolean {
  return specifier === name || specifier.startsWith(`${name}/`)
}

function wrongSkips(path: string): readonly string[] {
  const text = read(path).split('\n')
  return text.flatMap((line, index) => {
    const call = /\b(?:it|test|describe)(?:\.\w+)*\.(only|skip|skipIf|runIf|todo|fails)\b/.exec(withoutComments(line))
    const bare = /\.skip\(\)/.test(line)
    if (call === null && !bare) return []
    const explained = /\/\/|reason/.test(line) || /^\s*(?:\/\/|\*)/.test(text[index - 1] ?? '')
    return call?.[1] !== 'only' && explained && !bare ? [] : [`${path}:${index + 1}: ${line.trim()}`]
  })
}

function linesMatching(paths: readonly string[], pattern: RegExp): readonly string[] {
  return paths.flatMap((path) => {
    // Comments talk of forbidden things; but a path in a comment is a path.
    const text = pattern === MACHINE_PATH ? read(path) : blankComments(read(path))
    return text
      .split('\n')
      .flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}: ${line.trim()}`] : []))
  })
}

/** Without comments, but with as many lines. */
function blankComments(source: string): string {
  return withoutComments(source.replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, '')))
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (NOT_OURS.has(entry.name)) return []
    return entry.isDirectory() ? filesBelow(path) : [path]
  })
}

function lines(path: string): number {
  return read(path).split('\n').length - 1
}

function read(path: string): string {
  return existsSync(join(ROOT, path)) ? readFileSync(join(ROOT, path), 'utf8') : ''
}
