import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { createConnection } from 'mysql2/promise'

const binaries = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']
const find = (name: string): string | undefined => binaries.map(path => join(path, name)).find(existsSync)
const daemon = find('mariadbd')
const installer = find('mariadb-install-db')

/** Whether MySQL's side of a suite can run: `TEST_MYSQL_URL` names a server, or mariadbd is installed. */
export const hasMysql = process.env['TEST_MYSQL_URL'] !== undefined || (daemon !== undefined && installer !== undefined)

if (!hasMysql && process.env['CI'] === 'true') {
  throw new Error(
    'CI tests MySQL too: set TEST_MYSQL_URL=mysql://user:password@host:3306/prefix or install mariadb-server'
  )
}

/** `describe` for what needs MySQL: reported as skipped where there is none. */
export const describeMysql = hasMysql ? describe : describe.skip

let server: Promise<{ readonly url: string; readonly child: ChildProcess; readonly directory: string }> | undefined
let count = 0

afterAll(async () => {
  if (!server) return
  const { child, directory } = await server
  child.kill('SIGKILL')
  await rm(directory, { recursive: true, force: true, maxRetries: 5 })
})

const throwaway = () => {
  server ??= start()
  return server
}

/** A URL whose schemas nobody else uses; starts a throwaway server once per test file unless TEST_MYSQL_URL names one. */
export async function mysqlUrl(prefix: string): Promise<string> {
  count += 1
  const url = new URL(process.env['TEST_MYSQL_URL'] ?? (await throwaway()).url)
  url.pathname = `/${prefix}_${process.pid}_${Date.now().toString(36)}_${count}`
  return url.href
}

/** Drops every schema that was made below a URL of `mysqlUrl`. */
export async function dropSchemas(url: string): Promise<void> {
  const { hostname: host, port, username: user, password, pathname } = new URL(url)
  const connection = await createConnection({ host, port: Number(port || 3306), user, password })
  try {
    const pattern = `${pathname.slice(1).replaceAll('_', '\\_')}\\_%`
    const [rows] = await connection.query('SHOW DATABASES LIKE ?', [pattern])
    for (const row of rows as object[]) await connection.query(`DROP DATABASE \`${Object.values(row)[0]}\``)
  } finally {
    await connection.end()
  }
}

async function start() {
  if (!daemon || !installer) throw new Error('mariadbd is not installed')
  const directory = await mkdtemp(join(tmpdir(), 'oaas-mariadb-'))
  const data = join(directory, 'data')
  const user = `--user=${userInfo().username}`
  const quiet = { stdio: 'ignore' } as const
  execFileSync(
    installer,
    ['--no-defaults', `--datadir=${data}`, user, '--auth-root-authentication-method=normal', '--skip-test-db'],
    quiet
  )
  const port = await freePort()
  const child = spawn(
    daemon,
    [
      '--no-defaults',
      `--datadir=${data}`,
      user,
      `--port=${port}`,
      '--bind-address=127.0.0.1',
      `--socket=${join(directory, 'sock')}`,
      '--innodb-buffer-pool-size=64M',
      '--innodb-flush-log-at-trx-commit=2'
    ],
    quiet
  )
  process.once('exit', () => child.kill('SIGKILL'))
  const url = `mysql://root@127.0.0.1:${port}/unused`
  for (let tries = 0; ; tries++) {
    try {
      await (await createConnection({ host: '127.0.0.1', port, user: 'root' })).end()
      return { url, child, directory }
    } catch (error) {
      if (tries > 200) throw error
      await delay(100)
    }
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}
