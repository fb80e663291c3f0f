// Makes `npx oaas` work in a clone: npm links the commands of dependencies, never those of the package itself.
import { chmodSync, rmSync, symlinkSync } from 'node:fs'

const main = new URL('../dist/gateway/main.js', import.meta.url)
const link = new URL('../node_modules/.bin/oaas', import.meta.url)
chmodSync(main, 0o755)
rmSync(link, { force: true })
symlinkSync('../../dist/gateway/main.js', link)
