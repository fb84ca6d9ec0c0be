import { describe, expect, it } from 'vitest'
import { readHidden, writeHidden } from './hidden-services.ts'

describe('Hidden services in a URL', () => {
  it.each([
    { names: ['web', 'api'], text: 'api,web', why: 'sorted' },
    { names: ['a,b', '50%', '%2C'], text: '%252C,50%25,a%2Cb', why: 'commas and percent signs' },
    { names: ['שלום'], text: 'שלום', why: 'any letters' },
  ])('come back as they were: $why', ({ names, text }) => {
    expect(writeHidden(new Set(names))).toBe(text)
    expect(readHidden(text)).toEqual(new Set(names))
  })

  it('may be none', () => {
    expect(writeHidden(new Set())).toBeUndefined()
    expect(readHidden(undefined)).toEqual(new Set())
    expect(readHidden(',,')).toEqual(new Set())
  })
})
