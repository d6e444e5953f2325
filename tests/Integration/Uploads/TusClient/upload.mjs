// Uploads a file with a client that is not ours; says on standard output what happens, a JSON value a line.
import fs from 'node:fs'
import { createRequire } from 'node:module'

const tus = createRequire(import.meta.url)('tus-js-client')
const [endpoint, file, name, parallel, chunk] = process.argv.slice(2)
const tell = what => process.stdout.write(JSON.stringify(what) + '\n')
const upload = new tus.Upload(fs.createReadStream(file), {
  endpoint,
  metadata: { filename: name, filetype: 'application/octet-stream' },
  parallelUploads: Number(parallel),
  chunkSize: chunk ? Number(chunk) : Infinity,
  retryDelays: Array(60).fill(250),
  onShouldRetry: (error, attempt) => {
    tell({ retry: attempt, status: error.originalResponse ? error.originalResponse.getStatus() : 0 })
    return true
  },
  onError: error => {
    tell({ error: String(error) })
    process.exit(1)
  },
  onSuccess: () => tell({ url: upload.url })
})
upload.start()
