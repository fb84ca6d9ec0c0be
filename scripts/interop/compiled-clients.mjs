// The X-Ray SDKs for Go and Java: a small program in each, built into .cache. A program prints what it traced, and what
// comes back is compared here.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'

import { BUILD_TIMEOUT_MS, CACHE, clientEnvironment, lastLine, run, runClient, TESTS } from './processes.mjs'
import { entities, matches, segmentOf } from './traces.mjs'

const GO_OUTPUT = join(CACHE, 'interop-go')
const JAVA_OUTPUT = join(CACHE, 'interop-java')
/** The SDK's logger tells every start otherwise. */
const QUIET = [
  '-Dorg.apache.commons.logging.Log=org.apache.commons.logging.impl.SimpleLog',
  '-Dorg.apache.commons.logging.simplelog.defaultlog=warn',
]

/** Go keeps what it downloads and compiles below .cache, too, where it can be deleted. */
export const goEnvironment = () => ({
  ...process.env,
  GOMODCACHE: join(CACHE, 'go', 'mod'),
  GOCACHE: join(CACHE, 'go', 'build'),
  GOFLAGS: '-modcacherw',
})

/** The compiled clients. Each has a name and `run`, which resolves with a state. */
export const compiledClients = [
  {
    name: 'X-Ray SDK for Go',
    golden: 'go',
    version: () => /aws-xray-sdk-go\/v2 v(\S+)/.exec(readFileSync(join(TESTS, 'go', 'go.mod'), 'utf8'))?.[1],
    run: (context) => runCompiled(buildGo, checkGo, context),
  },
  {
    name: 'X-Ray SDK for Java',
    golden: 'java',
    version: () => /<xray.version>(.*?)</.exec(readFileSync(join(TESTS, 'java', 'pom.xml'), 'utf8'))?.[1],
    run: (context) => runCompiled(buildJava, checkJava, context),
  },
]

async function runCompiled(build, check, { home, server }) {
  const { command, args, why, state = 'not run' } = build()
  if (command === undefined) return { state, why }
  const env = clientEnvironment(home, server, { AWS_XRAY_DAEMON_ADDRESS: server.daemonAddress })
  const ended = await runClient(command, args, { cwd: home, env, isQuiet: true })
  if (ended.state !== 'passed') return ended
  let failed = 0
  for (const [title, test] of check(JSON.parse(ended.stdout.trim().split('\n').at(-1)), server.url)) {
    try {
      await test()
      console.log(`  ok      ${title}`)
    } catch (error) {
      failed++
      console.log(`  FAILED  ${title}: ${error.message}`)
    }
  }
  return failed === 0 ? { state: 'passed' } : { state: 'failed', why: `${failed} of its checks` }
}

function buildGo() {
  if (run('go', ['version']).status !== 0) return { why: 'there is no Go' }
  const command = join(GO_OUTPUT, 'client')
  const options = { cwd: join(TESTS, 'go'), timeout: BUILD_TIMEOUT_MS, env: goEnvironment() }
  const fetched = run('go', ['mod', 'download'], options)
  if (fetched.status !== 0) return { why: `its modules cannot be downloaded: ${lastLine(fetched)}` }
  const built = run('go', ['build', '-o', command, '.'], options)
  return built.status === 0 ? { command, args: [] } : { state: 'failed', why: `go build: ${lastLine(built)}` }
}

/** Maven takes seconds to find that there is nothing to do, so it is only asked when something changed. */
function buildJava() {
  if (run('java', ['-version']).status !== 0) return { why: 'there is no Java' }
  const sources = join(TESTS, 'java', 'src', 'main', 'java', 'radiograph')
  const hash = createHash('sha256').update(readFileSync(join(TESTS, 'java', 'pom.xml')))
  for (const name of readdirSync(sources).toSorted()) hash.update(readFileSync(join(sources, name)))
  const wanted = hash.digest('hex')
  const stamp = join(JAVA_OUTPUT, '.radiograph-sources')
  const classpath = join(JAVA_OUTPUT, 'classpath.txt')
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
    if (run('mvn', ['-version']).status !== 0) return { why: 'there is no Maven' }
    rmSync(JAVA_OUTPUT, { recursive: true, force: true })
    mkdirSync(JAVA_OUTPUT, { recursive: true })
    const settings = [`-Dmaven.repo.local=${join(CACHE, 'm2')}`, `-Doutput=${JAVA_OUTPUT}`]
    const maven = (...goals) => {
      const options = { cwd: join(TESTS, 'java'), timeout: BUILD_TIMEOUT_MS }
      return run('mvn', ['-q', '-B', ...settings, ...goals], options)
    }
    const fetched = maven('dependency:build-classpath', `-Dmdep.outputFile=${classpath}`)
    if (fetched.status !== 0) return { why: `its libraries cannot be downloaded: ${firstError(fetched)}` }
    const built = maven('compile')
    if (built.status !== 0) return { state: 'failed', why: `mvn compile: ${firstError(built)}` }
    writeFileSync(stamp, wanted)
  }
  const path = [join(JAVA_OUTPUT, 'classes'), readFileSync(classpath, 'utf8').trim()].join(delimiter)
  return { command: 'java', args: [...QUIET, '-cp', path, 'radiograph.Main'] }
}

function firstError({ stdout }) {
  return /\[ERROR\] (.*)/.exec(stdout)?.[1]?.slice(0, 300)
}

function checkGo(told, url) {
  return [
    ...checkShared(told, url, {
      name: 'go',
      sdk: 'X-Ray for Go',
      count: told.streamed.more.count,
      ids: told.nested.more,
    }),
    [
      'calls over HTTP, and the instrumented server that answers them',
      async () => {
        const { trace, segment } = await segmentOf(url, told.http, (found) => found.length === 3)
        const request = (path) => ({ request: { method: 'GET', url: `${told.http.more.url}${path}` } })
        matches(segment.subsegments, [
          { namespace: 'remote', http: { ...request('/stock'), response: { status: 200 } } },
          { namespace: 'remote', error: true, http: { ...request('/missing'), response: { status: 404 } } },
        ])
        const servers = trace.filter(({ name }) => name === 'go-backend')
        const parents = segment.subsegments.map(({ id }) => id)
        matches(servers.map(({ parent_id }) => parent_id).toSorted(), parents.toSorted(), 'parents')
      },
    ],
    [
      'calls of the AWS SDK',
      async () => {
        matches(told.aws.more, { tables: ['orders'], refused: true })
        const { segment } = await segmentOf(url, told.aws)
        matches(segment.subsegments, [
          {
            name: 'DynamoDB',
            namespace: 'aws',
            aws: { operation: 'ListTables', region: 'eu-west-1', request_id: 'REQUEST1' },
            http: { response: { status: 200 } },
          },
          { namespace: 'aws', aws: { operation: 'DescribeTable' }, http: { response: { status: 400 } } },
        ])
      },
    ],
  ]
}

function checkJava(told, url) {
  return [
    ...checkShared(told, url, {
      name: 'java',
      sdk: 'X-Ray for Java',
      count: Number(told.streamed.count),
      ids: told.nested,
    }),
    [
      'calls over HTTP',
      async () => {
        const { segment } = await segmentOf(url, told.http)
        const request = (path) => ({ request: { method: 'GET', url: `${told.http.url}${path}` } })
        matches(segment.subsegments, [
          { namespace: 'remote', http: { ...request('/200'), response: { status: 200 } } },
          { namespace: 'remote', error: true, http: { ...request('/404'), response: { status: 404 } } },
        ])
      },
    ],
    [
      'queries of a database',
      async () => {
        const { segment } = await segmentOf(url, told.sql)
        matches(segment.subsegments, [
          { namespace: 'remote', sql: { database_type: 'H2', user: 'SHOP' } },
          { namespace: 'remote', fault: true, cause: { exceptions: [{ type: /SQL/ }] } },
        ])
      },
    ],
  ]
}

/** What both programs do alike. */
function checkShared(told, url, { name, sdk, count, ids }) {
  return [
    [
      'sampling decided with rules of the server',
      async () => {
        const { segment } = await segmentOf(url, told.central)
        matches(segment, { name: `${name}-central`, aws: { xray: { sdk } } })
        matches((told.central.more ?? told.central).rule, 'Default', 'the rule')
      },
    ],
    [
      'nested subsegments, annotations, metadata and an error with its cause',
      async () => {
        const { trace, segment } = await segmentOf(url, told.nested)
        matches(segment, { name: `${name}-shop`, user: 'alice', annotations: { early: true } })
        matches(segment.subsegments, [
          { id: ids.outer, annotations: { order: 1234 }, metadata: { shop: { basket: { items: [1, 2, 3] } } } },
        ])
        matches(segment.subsegments[0].subsegments, [{ id: ids.inner, name: 'inner', fault: true }])
        const [exception] = entities(trace).get(ids.inner).cause.exceptions
        matches(exception.message, 'no such item', 'the message')
      },
    ],
    [
      `${count} subsegments, streamed ahead of their segment`,
      async () => {
        const { trace, segment } = await segmentOf(url, told.streamed, (found) => entities(found).size === count + 1)
        matches(trace.length, 1, 'segments')
        const names = new Set(segment.subsegments.map((step) => step.name))
        matches(names.size, count, 'names')
      },
    ],
  ]
}
