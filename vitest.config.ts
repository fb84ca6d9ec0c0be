import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'bench/**/*.test.ts'],
    // The embedded engine is a native addon that binds one data directory per process: threads would share it.
    pool: 'forks',
    // Tests that start servers keep two cores busy; more files at a time would only time each other out.
    maxWorkers: 2,
    // A server process starts in a second or two, and much later on a busy machine.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // A run that found nothing proves nothing.
    passWithNoTests: false,
  },
})
