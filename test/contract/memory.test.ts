import { createMemoryStore } from '../../src/store/memory/memory-store.ts'
import { describeStore } from './store.ts'

describeStore('memory', async () => ({ create: createMemoryStore, close: async () => {} }), [
  { test: 'what was stored is there after closing and opening again', reason: 'it forgets when it is closed' },
  { test: 'data of a newer program is refused, and the message says what to do', reason: 'it reads no old data' },
])
