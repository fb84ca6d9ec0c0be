import { createReadStream, readdirSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Reads every file below a directory once, so that the kernel has it in memory. An engine at work removes files meanwhile:
 * what is gone is left out.
 */
export async function readFiles(directory: string): Promise<void> {
  for (const entry of readdirSync(directory, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue
    try {
      for await (const _ of createReadStream(join(entry.parentPath, entry.name), { highWaterMark: 2 ** 20 }));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    }
  }
}
