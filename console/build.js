// Copies the page and its style beside the compiled script, and the documents beside them as plain pages.
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = new URL('../', import.meta.url)
const source = new URL('src/', import.meta.url)
const dist = new URL('dist/', import.meta.url)
const { version } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'))

mkdirSync(new URL('docs/', dist), { recursive: true })
copyFileSync(new URL('style.css', source), new URL('style.css', dist))
const page = readFileSync(new URL('index.html', source), 'utf8')
const documents = documentPaths()
const links = documents.map(path => `<li><a href="docs/${pageName(path)}">${path}</a></li>`).join('\n            ')
writeFileSync(new URL('index.html', dist), page.replaceAll('{{version}}', version).replace('{{documents}}', links))
for (const path of documents) writeFileSync(new URL(`docs/${pageName(path)}`, dist), documentPage(path))
console.error(`console: built into ${fileURLToPath(dist)}`)

/** What a newcomer reads first, then the pages of docs/. */
function documentPaths() {
  const docs = new URL('docs/', root)
  const pages = existsSync(docs) ? readdirSync(docs).filter(name => name.endsWith('.md')) : []
  const first = ['README.md', 'README.zh-CN.md', 'CONTRIBUTING.md'].filter(name => existsSync(new URL(name, root)))
  return [...first, ...pages.sort().map(name => `docs/${name}`)]
}

function pageName(path) {
  return `${path.replace(/^docs\//, '').replace(/\.md$/, '')}.html`
}

/** The Markdown as it stands: made to be read as text too. */
function documentPage(path) {
  const text = readFileSync(new URL(path, root), 'utf8').replace(/[&<>]/g, sign => `&#${sign.charCodeAt(0)};`)
  const language = path.includes('zh-CN') ? 'zh-CN' : 'en'
  return `<!doctype html>
<html lang="${language}">
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width">
  <title>${path} · oaas-gateway</title>
  <link rel="stylesheet" href="../style.css">
  <body class="document"><main><p><a href="../">oaas-gateway</a></p><pre>${text}</pre></main></body>
</html>
`
}
