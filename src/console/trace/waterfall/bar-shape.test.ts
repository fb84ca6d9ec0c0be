import { describe, expect, it } from 'vitest'
import { buildTraceModel } from '../model/trace-model.ts'
import type { TraceOutline } from '../../../wire/own/outline.ts'
import { barPaint, barShape, waitsOf } from './bar-shape.ts'

const zoom = { fromUs: 100, toUs: 200 }

describe('The shape of a bar', () => {
  it.each([
    { from: 100, to: 200, shape: { at: 'inside', left: 0, width: 100, isCutLeft: false, isCutRight: false } },
    { from: 125, to: 150, shape: { at: 'inside', left: 25, width: 25, isCutLeft: false, isCutRight: false } },
    { from: 50, to: 150, shape: { at: 'inside', left: 0, width: 50, isCutLeft: true, isCutRight: false } },
    { from: 50, to: 950, shape: { at: 'inside', left: 0, width: 100, isCutLeft: true, isCutRight: true } },
    { from: 120, to: 120, shape: { at: 'inside', left: 20, width: 0, isCutLeft: false, isCutRight: false } },
    { from: 0, to: 99, shape: { at: 'before' } },
    { from: 0, to: 100, shape: { at: 'before' } },
    { from: 201, to: 300, shape: { at: 'after' } },
    { from: 200, to: 300, shape: { at: 'after' } },
  ])('from $from to $to', ({ from, to, shape }) => {
    expect(barShape(from, to, zoom)).toEqual(shape)
  })
})

describe('The paint of a bar', () => {
  const outline: TraceOutline = {
    id: '1-00000001-000000000000000000000001',
    revision: 1,
    startTime: 1,
    duration: 0.001,
    inProgress: false,
    limitExceeded: false,
    services: [{ name: 'api' }],
    texts: ['api', 'call'],
    ids: ['1', '2', '3', '4'],
    parent: [-1, 0, 0, 0],
    name: [0, 1, 1, 1],
    service: [0, 0, 0, 0],
    start: [0, 100, 150, 900],
    end: [1_000, 200, 300, 1_500],
    flags: [512, 0, 0, 0],
    status: [0, 0, 0, 0],
    detail: [-1, -1, -1, -1],
    missingParents: [],
    links: [],
  }
  const model = buildTraceModel(outline)
  const whole = { fromUs: 0, toUs: 1_000 }

  it('is dark where nothing below it was at work, and joins waits that overlap', () => {
    expect(waitsOf(model, 0)).toEqual([
      { fromUs: 100, toUs: 300 },
      { fromUs: 900, toUs: 1_000 },
    ])
    expect(barPaint(model, 0, whole)).toBe(
      'linear-gradient(to right, var(--bar-self) 0% 10%, var(--bar-wait) 10% 30%, var(--bar-self) 30% 90%, var(--bar-wait) 90% 100%)',
    )
  })

  it('is of one colour without children, and of what is in the zoom', () => {
    expect(barPaint(model, 1, whole)).toBe('linear-gradient(var(--bar-self) 0 0)')
    expect(barPaint(model, 0, { fromUs: 200, toUs: 400 })).toBe(
      'linear-gradient(to right, var(--bar-wait) 0% 50%, var(--bar-self) 50% 100%)',
    )
  })
})
