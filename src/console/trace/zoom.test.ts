import { describe, expect, it } from 'vitest'
import { panBy, readZoom, shareOf, writeZoom, zoomBy, zoomTo } from './zoom.ts'

const whole = { fromUs: 0, toUs: 1_000_000 }

describe('The zoom of a URL', () => {
  it.each([
    { text: '200-900', zoom: { fromUs: 200, toUs: 900 } },
    { text: '-200-900', zoom: { fromUs: -200, toUs: 900 } },
    { text: '-900--200', zoom: { fromUs: -900, toUs: -200 } },
    { text: '900-200', zoom: undefined },
    { text: '5-6', zoom: undefined },
    { text: '', zoom: undefined },
    { text: undefined, zoom: undefined },
  ])('reads $text', ({ text, zoom }) => {
    expect(readZoom(text)).toEqual(zoom)
  })

  it('is left out where it is the whole', () => {
    expect(writeZoom(whole, whole)).toBeUndefined()
    expect(writeZoom({ fromUs: 200.4, toUs: 900 }, whole)).toBe('200-900')
  })
})

describe('Zooming', () => {
  it('keeps what is under the pointer', () => {
    const closer = zoomBy(whole, 2, 250_000, whole)
    expect(closer).toEqual({ fromUs: 125_000, toUs: 625_000 })
    expect(shareOf(closer, 250_000)).toBe(0.25)
  })

  it.each([
    { what: 'further away', zoom: zoomBy({ fromUs: 100, toUs: 900_000 }, 0.1, 500, whole), expected: whole },
    {
      what: 'later',
      zoom: panBy({ fromUs: 500_000, toUs: 900_000 }, 1, whole),
      expected: { fromUs: 600_000, toUs: 1_000_000 },
    },
    { what: 'earlier', zoom: panBy({ fromUs: 100, toUs: 1_100 }, -0.5, whole), expected: { fromUs: 0, toUs: 1_000 } },
    { what: 'at the start', zoom: zoomTo(0, 100_000, whole), expected: { fromUs: 0, toUs: 110_000 } },
  ])('stays within the trace: $what', ({ zoom, expected }) => {
    expect(zoom).toEqual(expected)
  })

  it('ends at ten microseconds', () => {
    const closest = zoomBy({ fromUs: 100, toUs: 120 }, 100, 110, whole)
    expect(closest.toUs - closest.fromUs).toBe(10)
  })
})
