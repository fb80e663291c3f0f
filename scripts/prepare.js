// `npm ci` builds; `npm ci --omit=dev` (an image that copies dist/ in) has no compiler and must not fail for it.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

const root = new URL('..', import.meta.url)
const isBuilt = existsSync(new URL('dist/gateway/main.js', root))
// `npx oaas` in a clone prepares the package as if it installed it, and need not build what is there.
if (process.env.npm_command === 'exec' && isBuilt) process.exit(0)

if (existsSync(new URL('node_modules/typescript/package.json', root))) {
  const { status } = spawnSync('npm', ['run', 'build'], { cwd: root, stdio: 'inherit' })
  process.exit(status ?? 1)
} else if (isBuilt) {
  await import('./link-bin.js')
} else {
  console.error('prepare: no compiler installed (--omit=dev), so dist/ was not built; copy it from a full `npm ci`.')
}
