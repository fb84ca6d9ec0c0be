// The programs of test/conformance that use the X-Ray SDK for Node. `npm test` runs them and reads their traces; here
// they are only recorded.
import { createRequire } from 'node:module'
import { join } from 'node:path'

import { ROOT } from '../prepare.mjs'
import { clientEnvironment, runClient } from './processes.mjs'

const INVOCATIONS = ['1-6a18a500-00000000000000000000a001', '1-6a18a500-00000000000000000000a002'].map(
  (traceId, index) => `Root=${traceId};Parent=fac000000000000${index};Sampled=1`,
)

/** The programs, as clients that can be recorded. */
export const nodeClients = [
  program('X-Ray SDK for Node', 'node', 'xray-sdk-client.mjs'),
  program('X-Ray SDK for Node, instrumentation', 'node-instrumented', 'xray-sdk-instrumented.mjs', {
    AWS_XRAY_COLLECT_SQL_QUERIES: 'true',
  }),
  program('X-Ray SDK for Node, Lambda', 'node-lambda', 'xray-sdk-lambda.mjs', {
    LAMBDA_TASK_ROOT: '/var/task',
    RADIOGRAPH_TEST_INVOCATIONS: INVOCATIONS.join(' '),
  }),
]

function program(name, golden, fileName, more = {}) {
  return {
    name,
    golden,
    version: () => createRequire(import.meta.url)('aws-xray-sdk-core/package.json').version,
    run: ({ home, server }) => {
      const env = clientEnvironment(home, server, { AWS_XRAY_DAEMON_ADDRESS: server.daemonAddress, ...more })
      const path = join(ROOT, 'test', 'conformance', fileName)
      return runClient(process.execPath, [path], { cwd: home, env, isQuiet: true })
    },
  }
}
