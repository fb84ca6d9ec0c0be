// Packs the files of the console once, when they are built, so that the server never has to.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const PACKED = /\.(?:br|gz)$/
const COMPRESSIBLE = /\.(?:css|js|json|map|svg|txt)$/
/** Less than this fits a packet anyway. */
const LEAST_BYTES = 512

/** Writes `name.br` and `name.gz` beside each file below the directory that gets smaller by it. */
export function packConsole(directory) {
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name)
    if (entry.isDirectory()) packConsole(path)
    else if (PACKED.test(entry.name)) rmSync(path)
  }
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    if (entry.isFile() && COMPRESSIBLE.test(entry.name)) pack(join(directory, entry.name))
  }
}

function pack(path) {
  const plain = readFileSync(path)
  if (plain.length < LEAST_BYTES) return
  const params = { [constants.BROTLI_PARAM_QUALITY]: 10, [constants.BROTLI_PARAM_SIZE_HINT]: plain.length }
  const packed = { br: brotliCompressSync(plain, { params }), gz: gzipSync(plain, { level: 9 }) }
  for (const [ending, bytes] of Object.entries(packed)) {
    if (bytes.length < plain.length) writeFileSync(`${path}.${ending}`, bytes)
  }
}
