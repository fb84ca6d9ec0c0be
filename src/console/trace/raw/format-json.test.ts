import { describe, expect, it } from 'vitest'
import { formatJson } from './format-json.ts'

describe('JSON as lines', () => {
  it.each([
    ['{"a":1,"b":[true,null]}', ['{', '  "a": 1,', '  "b": [', '    true,', '    null', '  ]', '}'], 'members'],
    ['{"n":12345678901234567890.50}', ['{', '  "n": 12345678901234567890.50', '}'], 'digits'],
    [String.raw`{"t":"a\"b,{\u00e4"}`, ['{', String.raw`  "t": "a\"b,{\u00e4"`, '}'], 'texts as they are'],
    ['{"a":{},"b":[ ]}', ['{', '  "a": {},', '  "b": []', '}'], 'empty ones'],
    [' "x" ', ['"x"'], 'a text alone'],
  ])('%s', (text, lines) => {
    expect(formatJson(text)).toEqual(lines)
  })

  it('means the same, and depth costs little', () => {
    const deep = '[{"a":'.repeat(20_000) + '1' + '}]'.repeat(20_000)
    const lines = formatJson(deep)
    expect(lines).toHaveLength(80_001)
    expect(lines.join('').replaceAll(' ', '')).toBe(deep)
  })
})
