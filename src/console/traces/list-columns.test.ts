import { expect, test } from 'vitest'
import { columnName, readColumns, toggledColumn, writeColumns } from './list-columns.ts'

test.each([
  ['', ['segments', 'services'], ''],
  ['none', [], 'none'],
  ['user,user,nonsense,constructor', ['user'], 'user'],
  ['id,annotation.a%2Cb', ['id', 'annotation.a,b'], 'id,annotation.a%2Cb'],
  ['annotation.100%', ['annotation.100%'], 'annotation.100%25'],
])('%j is %j', (text, columns, written) => {
  expect(readColumns(text)).toEqual(columns)
  expect(writeColumns(readColumns(text))).toBe(written)
})

test('a column comes to its place, and goes', () => {
  const columns = toggledColumn(['services', 'annotation.a'], 'user')
  expect(columns).toEqual(['services', 'user', 'annotation.a'])
  expect(toggledColumn(columns, 'services')).toEqual(['user', 'annotation.a'])
  expect(columnName('annotation.a.b')).toBe('a.b')
})
