import { expect, test } from 'vitest'
import { withoutPassword } from './redact-passwords.ts'

test.each([
  ['postgresql://web:hunter2@db:5432/shop', 'postgresql://web:***@db:5432/shop', 'a login in a URL'],
  ['web:hunter2@db:5432/shop', 'web:***@db:5432/shop', 'the same without a scheme'],
  ['mysql://root:p@ss@db/shop?x=a@b', 'mysql://root:***@db/shop?x=a@b', 'an @ in the password'],
  ['mysql://root:p#a/s?s@db/shop', 'mysql://root:***@db/shop', 'signs that should have been escaped'],
  ['jdbc:oracle:thin:scott/tiger@db:1521:orcl', 'jdbc:oracle:thin:scott/***@db:1521:orcl', 'Oracle'],
  ['jdbc:oracle:thin:scott/tiger@//db:1521/orcl', 'jdbc:oracle:thin:scott/***@//db:1521/orcl', 'Oracle with a service'],
  ['jdbc:mysql://db/shop?user=a&password=b&ssl=1', 'jdbc:mysql://db/shop?user=a&password=***&ssl=1', 'a query string'],
  ['host=db password=b c=d', 'host=db password=*** c=d', 'libpq'],
  ['Server=db;User ID=me@x;Password=a b&c;Pooling=true', 'Server=db;User ID=me@x;Password=***;Pooling=true', 'ADO'],
  [
    'jdbc:sqlserver://db:1433;user=sa;password=S@1;x=y',
    'jdbc:sqlserver://db:1433;user=sa;password=***;x=y',
    'SQL Server',
  ],
  ['mysql://root:***@db/shop', 'mysql://root:***@db/shop', 'masked already'],
  ['postgresql://web@db:5432/shop', 'postgresql://web@db:5432/shop', 'a user without a password'],
  ['//db:5432/shop?email=a@b', '//db:5432/shop?email=a@b', 'an @ that is no login'],
  ['postgres://[::1]:5432/shop?email=a@b', 'postgres://[::1]:5432/shop?email=a@b', 'an IPv6 host'],
  ['shop@db.internal', 'shop@db.internal', 'no colon'],
  [':memory:', ':memory:', 'SQLite'],
  ['', '', 'nothing'],
])('%s → %s (%s)', (text, expected) => {
  expect(withoutPassword(text)).toBe(expected)
})
