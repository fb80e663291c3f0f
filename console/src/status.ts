import { type Language, MESSAGES } from './messages.ts'
import { askReadiness, type Readiness } from './readiness.ts'

const ASK_EVERY_MS = 10_000

let language: Language = preferred()
let latest: { readonly readiness: Readiness; readonly at: Date } | null = null

for (const button of document.querySelectorAll<HTMLButtonElement>('[data-language]')) {
  button.addEventListener('click', () => {
    language = button.dataset['language'] === 'zh' ? 'zh' : 'en'
    localStorage.setItem('language', language)
    draw()
  })
}
draw()
await ask()
setInterval(ask, ASK_EVERY_MS)

async function ask(): Promise<void> {
  latest = { readiness: await askReadiness(), at: new Date() }
  draw()
}

function draw(): void {
  const messages = MESSAGES[language]
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'
  for (const element of document.querySelectorAll<HTMLElement>('[data-text]')) {
    element.textContent = messages[element.dataset['text'] as keyof typeof messages]
  }
  for (const button of document.querySelectorAll<HTMLElement>('[data-language]')) {
    button.setAttribute('aria-pressed', String(button.dataset['language'] === language))
  }
  const endpoint = new URL('graphql', location.href).href
  write('endpoint', endpoint)
  write('example', example(endpoint))
  write('verdict', latest ? messages[latest.readiness.state] : messages.asking)
  write('checked', latest?.at.toLocaleTimeString(document.documentElement.lang) ?? '–')
  const card = document.querySelector<HTMLElement>('.state')
  if (card) card.dataset['state'] = latest === null ? 'asking' : latest.readiness.state === 'ready' ? 'ready' : 'down'
  if (latest) drawFacts(latest.readiness)
}

function drawFacts({ version, profile, rooms }: Readiness): void {
  const messages = MESSAGES[language]
  const facts: readonly (readonly [string, string | null])[] = [
    [messages.version, version],
    [messages.profile, profile],
    ...Object.entries(rooms).map(([name, read]) => [name, read ? messages.caughtUp : messages.behind] as const)
  ]
  const list = document.getElementById('facts')
  list?.replaceChildren(
    ...facts.flatMap(([name, value]) => (value === null ? [] : [element('dt', name), element('dd', value)]))
  )
}

function element(name: string, text: string): HTMLElement {
  const made = document.createElement(name)
  made.textContent = text
  return made
}

/** Writes only what changed, so that a screen reader hears a change once. */
function write(id: string, text: string): void {
  const target = document.getElementById(id)
  if (target && target.textContent !== text) target.textContent = text
}

function preferred(): Language {
  const chosen = localStorage.getItem('language')
  return (chosen ?? navigator.language).startsWith('zh') ? 'zh' : 'en'
}

function example(endpoint: string): string {
  return `curl ${endpoint} \\
  -H "authorization: Bearer $(npx oaas token sales)" \\
  -H 'content-type: application/json' \\
  -d '{"query":"{ orders(first: 3) { nodes { number status } } }"}'`
}
