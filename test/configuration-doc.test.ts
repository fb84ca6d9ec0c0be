import { readFileSync } from 'node:fs'

import { expect, it } from 'vitest'

import { configurationDoc } from '../tools/configuration-doc.ts'

it('docs/configuration.md is what the table of options says; run "npm run generate" when it is not', () => {
  const committed = readFileSync(new URL('../docs/configuration.md', import.meta.url), 'utf8')
  expect(committed).toBe(configurationDoc())
})
