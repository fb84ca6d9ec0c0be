import { describe, expect, test } from 'vitest'
import { emptyGraph } from '../model/graph/graph-accumulator.ts'
import { knownTouches, LinkedMinutes } from './linked-minutes.ts'

const tenant = { account: '000000000000', region: 'us-east-1' }
const minute = (startSeconds: number, touches: string, isLong = false) => {
  return { startSeconds, touches, isCurrent: false, isLong }
}
const known = (...touches: readonly string[]) => knownTouches(touches.map((text, at) => minute(at * 60, text)))

describe('a minute that received something from elsewhere', () => {
  const graph = emptyGraph()
  const begin = (activeSeconds: readonly number[]) => {
    const minutes = new LinkedMinutes()
    minutes.remember(tenant, 120, graph, activeSeconds, known('a', 'b', 'c'))
    return minutes
  }

  test.each<[string, readonly number[], ReturnType<typeof known>, boolean]>([
    ['is remembered while nothing changes', [0, 60], known('a', 'b', 'c'), true],
    ['whatever happens in other minutes', [60], known('x', 'b', 'c', 'd'), true],
    ['not when it was touched itself', [60], known('a', 'b', 'x'), false],
    ['not when a minute was touched in which those were active that sent it', [0, 60], known('x', 'b', 'c'), false],
    ['not when that minute is not known any more', [0], knownTouches([minute(120, 'c')]), false],
    ['not at all when they were active in a minute that was not looked at', [-60], known('a', 'b', 'c'), false],
    ['not when a minute has a trace in it that goes on for days', [], knownTouches([minute(120, 'c', true)]), false],
  ])('%s', (_, activeSeconds, now, isRemembered) => {
    expect(begin(activeSeconds).recall(tenant, 120, now)).toBe(isRemembered ? graph : undefined)
  })

  test('is somebody\u2019s', () => {
    expect(begin([]).recall({ ...tenant, region: 'eu-west-1' }, 120, known('a', 'b', 'c'))).toBeUndefined()
  })
})

test('the oldest are forgotten when there are too many values', () => {
  const minutes = new LinkedMinutes()
  const touches = known('a')
  const large = { ...emptyGraph(), edges: new Map() }
  for (let number = 0; number < 400_001; number++) {
    minutes.remember({ ...tenant, account: String(number) }, 0, large, [], touches)
  }
  expect(minutes.recall({ ...tenant, account: '0' }, 0, touches)).toBeUndefined()
  expect(minutes.recall({ ...tenant, account: '400000' }, 0, touches)).toBe(large)
})
