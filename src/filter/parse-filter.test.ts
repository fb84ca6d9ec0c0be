import { describe, expect, test } from 'vitest'
import type { FilterExpr } from './ast.ts'
import { parseEntitySelector, parseFilter } from './parse-filter.ts'
import { printEntitySelector, printFilter } from './print-filter.ts'

// The valid examples of spec/query §1.11, and what they select, are in test/golden/filters.

const messageOf = (text: string): string => {
  const read = parseFilter(text)
  return read.ok ? `reads as ${printFilter(read.value)}` : read.error.message
}

const located = (line: number, position: number, symbol: string): string =>
  `Error Location: line ${line}, position ${position} : Invalid input symbol: '${symbol}'`

describe('the AST', () => {
  const ok: FilterExpr = { kind: 'flag', keyword: 'ok' }
  const fault: FilterExpr = { kind: 'flag', keyword: 'fault' }

  test.each<[string, FilterExpr]>([
    ['OK', ok],
    ['fault = "false"', { kind: 'flag', keyword: 'fault', test: { operator: '=', value: false } }],
    ['ok fault AND ok', { kind: 'and', terms: [ok, fault, ok] }],
    ['(ok fault) ok', { kind: 'and', terms: [{ kind: 'and', terms: [ok, fault] }, ok] }],
    ['ok OR fault ok', { kind: 'or', terms: [ok, { kind: 'and', terms: [fault, ok] }] }],
    ['!ok fault', { kind: 'and', terms: [{ kind: 'not', term: ok }, fault] }],
    ['duration<-.5e1', { kind: 'number', keyword: 'duration', test: { operator: '<', value: -5 } }],
    [
      'user Contains "\\x \\" \\\\"',
      { kind: 'text', keyword: 'user', test: { operator: 'contains', value: '\\x " \\' } },
    ],
    ['annotation.a-b:c_1 = true', { kind: 'annotation', key: 'a-b:c_1', test: { operator: '=', value: true } }],
    ['annotation.a = "true"', { kind: 'annotation', key: 'a', test: { operator: '=', value: 'true' } }],
    ['Annotation[ "x y" ]', { kind: 'annotation', key: 'x y' }],
    ['annotation[""a""]', { kind: 'annotation', key: '"a"' }],
    ['service()', { kind: 'service' }],
    ['service("") { ok }', { kind: 'service', selector: { kind: 'name', name: '' }, body: ok }],
    [
      'edge(id(account.id: "1", type: ""), "b")',
      {
        kind: 'edge',
        from: { kind: 'id', type: '', accountId: '1' },
        to: { kind: 'name', name: 'b' },
      },
    ],
    ['group.arn != "a"', { kind: 'group', by: 'arn', operator: '!=', value: 'a' }],
    [
      'rootcause.responsetime.entity { coverage }',
      { kind: 'rootcause', cause: 'responsetime', list: 'entity', body: { kind: 'number', keyword: 'coverage' } },
    ],
    [
      'rootcause.json = #[ {"a": [null, -1.5e2, "\\u0041]"]} ]',
      { kind: 'rootcause.json', templates: [{ a: [null, -150, 'A]'] }] },
    ],
  ])('of %s', (text, expr) => {
    expect(parseFilter(text)).toEqual({ ok: true, value: expr })
  })
})

describe('errors', () => {
  test.each<[string, number, string, string]>([
    ['duration < ', 12, 'duration < ', 'value missing'],
    ['response_time > 2', 1, 'response_', 'same word as row 3, another position'],
    [
      'service("*") { fault = true OR error = true OR response_time > 2 }',
      48,
      'response_',
      'bad keyword inside a body (observed AWS message)',
    ],
    ['name = traces', 8, 'tra', 'unquoted value; name is also not a trace-level keyword'],
    ['http.method = POST', 15, 'PO', 'string values must be quoted'],
    ['http.status = "404"', 15, 'http.status = "404"', 'string given to a number keyword'],
    ['duration CONTAINS "5"', 10, 'duration CONTAINS', 'string operator on a number keyword'],
    ['http.url > "a"', 10, 'http.url >', 'ordering operator on a string keyword'],
    ['fault = maybe', 9, 'ma', 'neither true nor false'],
    ['service("api" { fault }', 15, 'service("api" {', 'missing )'],
    ['service("api") { fault', 23, 'service("api") { fault', 'missing }'],
    ['edge("api")', 11, 'edge("api")', 'edge needs two selectors'],
    ['service(id())', 12, 'service(id()', 'id() needs at least one member'],
    ['service(id(name: "a", name: "b"))', 23, 'service(id(name: "a", name', 'member repeated'],
    ['service(id(region: "x"))', 12, 'reg', 'unknown id() member'],
    ['service("a") { service("b") }', 16, 'service', 'selectors do not nest'],
    ['coverage > 0.7', 1, 'coverage', 'root-cause keyword at trace level'],
    ['rootcause.fault.entity { coverage > 0.5 }', 26, 'coverage', 'coverage exists only for response-time entities'],
    ['fault AND', 10, 'fault AND', 'dangling AND'],
    ['AND fault', 1, 'AND', 'leading AND'],
    ['fault )', 7, ')', 'unbalanced parenthesis'],
    ['NOT fault', 1, 'NO', 'NOT is not in the language; use !'],
    ['fault && error', 7, '&', 'C operators are not in the language'],
    ['http.url = "abc', 12, '"abc', 'unterminated string'],
    ['http.url == "abc"', 11, 'http.url ==', '== is not an operator'],
    ['annotation. = 1', 1, 'annotation.', 'empty annotation key'],
    ['group.name CONTAINS "x"', 12, 'group.name CONTAINS', 'groups support only = and !='],
    ['rootcause.json = "x"', 18, 'rootcause.json = "x"', 'needs a # JSON array'],
  ])('%j: position %i, %j (spec/query §1.12: %s)', (text, position, symbol) => {
    expect(messageOf(text)).toBe(located(1, position, symbol))
  })

  test.each<[string, number, number, string, string]>([
    ['   ', 1, 4, '   ', 'blank text is no expression'],
    ['', 1, 1, '', 'nor is empty text'],
    ['ok AND\n  maybe', 2, 3, 'ma', 'lines count from 1, positions within them'],
    ['ok\r\n\r\n!', 3, 2, 'ok\r\n\r\n!', 'a carriage return is a character of its line'],
    ['ok\n', 2, 1, 'reads', 'see below'],
    ['user = "😀" 😀', 1, 12, '😀', 'characters are code points, in positions and in texts'],
    ['name = traces', 1, 8, 'tra', 'lexical errors come first, wherever they are'],
    ['resp', 1, 1, 'resp', 'a keyword that ends with the text'],
    ['duration > -x', 1, 12, '-x', 'a sign without a number'],
    ['duration > .', 1, 12, '.', 'a point without a number'],
    ['duration > 1.x', 1, 13, '.x', 'a number ends where it stops being one'],
    ['okx', 1, 3, 'x', 'a keyword needs no boundary behind it'],
    ['ſervice()', 1, 1, 'ſ', 'only ASCII has cases'],
    ['annotation[a', 1, 1, 'annotation[a', 'a bracket that is not closed'],
    ['annotation[ "" ]', 1, 1, 'annotation[ "" ]', 'an empty key in a bracket'],
    ['rootcause.json = #5', 1, 18, '#5', 'a template that is no list'],
    ['rootcause.json = #[1,]', 1, 18, '#[1,]', 'a template that is no JSON'],
    ['rootcause.json = #[{"a" 1}]', 1, 18, '#[{"a" 1', 'a missing colon'],
    ['rootcause.json = #["a]', 1, 18, '#["', 'a string without an end'],
    ['rootcause.json != #[]', 1, 16, 'rootcause.json !=', 'templates only match'],
    ['service("a") { fault 5 }', 1, 22, 'service("a") { fault 5', 'fault is over, service is not'],
    ['service("a") {}', 1, 15, 'service("a") {}', 'braces around nothing'],
    ['service("a") = 5', 1, 14, '=', 'service is over'],
    ['fault 5', 1, 7, '5', 'a number is no predicate'],
    ['fault = "True"', 1, 9, 'fault = "True"', 'values have their case'],
    ['edge()', 1, 6, 'edge()', 'calls have two ends'],
    ['service("a") { group.name = "g" }', 1, 16, 'group.name', 'groups are of traces'],
    ['edge("a","b") { partial }', 1, 17, 'partial', 'calls are not partial'],
    ['rootcause.fault.service { message }', 1, 27, 'message', 'exceptions have messages'],
    ['rootcause.fault.entity { annotation.a = 1 }', 1, 26, 'annotation.a', 'root causes have no annotations'],
    ['first', 1, 1, 'first', 'a trace is in no list'],
    ['annotation.a < "5"', 1, 16, 'annotation.a < "5"', 'only numbers have an order'],
    ['annotation.a CONTAINS 5', 1, 23, 'annotation.a CONTAINS 5', 'only text has parts'],
    ['group.name', 1, 11, 'group.name', 'a group is satisfied or not'],
    ['( ok', 1, 5, '( ok', 'a parenthesis that is not closed'],
    ['ok OR OR ok', 1, 7, 'OR', 'two operators'],
    ['id(name: "a")', 1, 1, 'id', 'a selector is no predicate'],
    ['service(id(name: "a",))', 1, 22, 'service(id(name: "a",)', 'a comma without a member'],
  ])('%j: line %i, position %i, %j: %s', (text, line, position, symbol, reason) => {
    expect(messageOf(text)).toBe(reason === 'see below' ? 'reads as ok' : located(line, position, symbol))
  })

  test('say where for editors, too', () => {
    expect(parseFilter('ok AND\n maybe')).toEqual({
      ok: false,
      error: {
        kind: 'syntax',
        message: located(2, 2, 'ma'),
        offset: 8,
        line: 2,
        position: 2,
        symbol: 'ma',
      },
    })
  })
})

describe('limits', () => {
  const LONG = 'FilterExpression is too long'
  const COMPLEX = 'FilterExpression is too complex'
  const chain = (count: number): string => Array<string>(count).fill('ok').join(' ')

  test.each<[string, string, string]>([
    ['10,000 characters', `user = "${'x'.repeat(9_991)}"`, `reads as user = "${'x'.repeat(9_991)}"`],
    [
      '10,000 characters, each two units long',
      `user = "${'😀'.repeat(9_991)}"`,
      `reads as user = "${'😀'.repeat(9_991)}"`,
    ],
    ['10,001 characters', `user = "${'x'.repeat(9_992)}"`, LONG],
    ['64 parentheses', `${'('.repeat(64)}ok${')'.repeat(64)}`, 'reads as ok'],
    ['65 parentheses', `${'('.repeat(65)}ok${')'.repeat(65)}`, COMPLEX],
    ['64 negations', `${'!'.repeat(64)}ok`, `reads as ${'!'.repeat(64)}ok`],
    ['65 negations', `${'!'.repeat(65)}ok`, COMPLEX],
    ['64 levels, one of them braces', `${'('.repeat(63)}service(){ok}${')'.repeat(63)}`, 'reads as service() { ok }'],
    ['65 levels, one of them braces', `${'('.repeat(64)}service(){ok}${')'.repeat(64)}`, COMPLEX],
    ['levels one after the other', '(ok) '.repeat(200), `reads as ${Array<string>(200).fill('ok').join(' AND ')}`],
    ['65 levels of a template', `rootcause.json = #${'['.repeat(65)}${']'.repeat(65)}`, COMPLEX],
    ['256 predicates', chain(256), `reads as ${chain(256).replaceAll(' ', ' AND ')}`],
    ['257 predicates', chain(257), COMPLEX],
    ['257 predicates, those in braces among them', `service() { ${chain(256)} }`, COMPLEX],
    ['10,000 parentheses', '('.repeat(10_000), COMPLEX],
    ['100,000 parentheses', '('.repeat(100_000), LONG],
    ['10,000 negations', '!'.repeat(10_000), COMPLEX],
    ['9,900 brackets of a template', `rootcause.json = #${'['.repeat(9_900)}`, located(1, 18, `#${'['.repeat(9_900)}`)],
  ])('%s', (_, text, expected) => {
    expect(messageOf(text)).toBe(expected)
  })
})

describe('entity selectors', () => {
  test.each<[string, string]>([
    ['service("a")', 'service("a")'],
    ['Service( id( name: "a" ) )', 'service(id(name: "a"))'],
    ['edge("a", id(type: ""))', 'edge("a", id(type: ""))'],
    ['id(type: "AWS::SNS")', 'service(id(type: "AWS::SNS"))'],
  ])('%s', (text, printed) => {
    const read = parseEntitySelector(text)
    expect(read.ok && printEntitySelector(read.value)).toBe(printed)
  })

  test.each<[string, number, string]>([
    ['fault', 1, 'fault'],
    ['http.status = 403', 1, 'http.status'],
    ['annotation.e = "s"', 1, 'annotation.e'],
    ['service("x") AND (http.status = 403)', 14, 'AND'],
    ['service("x") { fault }', 14, '{'],
    ['service()', 9, 'service()'],
    ['edge("a")', 9, 'edge("a")'],
    ['id()', 4, 'id()'],
    ['(service("x"))', 1, '('],
    ['"x"', 1, '"x"'],
    ['', 1, ''],
  ])('%j is none: position %i, %j', (text, position, symbol) => {
    const read = parseEntitySelector(text)
    expect(read.ok ? 'read' : read.error.message).toBe(located(1, position, symbol))
  })
})
