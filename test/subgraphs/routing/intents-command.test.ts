import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { packageRoot } from '../../../platform/root.ts'

/** `oaas intents` with these lines on stdin. */
function intents(...lines: readonly string[]) {
  const main = join(packageRoot, 'gateway/main.ts')
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--import', 'tsx', main, 'intents'], {
    cwd: packageRoot,
    input: lines.join('\n'),
    encoding: 'utf8'
  })
  const answers = stdout.split('\n').filter(Boolean)
  return { answers: answers.map(line => JSON.parse(line) as unknown), stderr, status }
}

const note = {
  id: 'n1',
  at: '2026-03-02T10:00:00+08:00',
  channel: 'jd',
  kind: 'buyer_note',
  text: '周五前要到，发顺丰'
}

it('answers each note on a line of its own, with slots and evidence', () => {
  const { answers, status } = intents(JSON.stringify(note), '', JSON.stringify({ ...note, id: 'n2', text: '好评' }))
  expect(status).toBe(0)
  expect(answers).toEqual([
    {
      id: 'n1',
      intents: ['DELIVER_BY', 'PREFER_CARRIER'],
      slots: { DELIVER_BY: '2026-03-06', PREFER_CARRIER: ['SF'] },
      detail: [
        { code: 'DELIVER_BY', confidence: expect.any(Number), span: [0, 2] },
        { code: 'PREFER_CARRIER', confidence: expect.any(Number), span: [7, 9] }
      ]
    },
    { id: 'n2', intents: [], slots: {}, detail: [] }
  ])
})

it('answers the good lines, names the bad ones and fails', () => {
  const { answers, stderr, status } = intents('{', JSON.stringify({ ...note, at: 'yesterday' }), JSON.stringify(note))
  expect(answers).toHaveLength(1)
  expect(stderr).toContain('line 1: not JSON')
  expect(stderr).toContain('line 2: "at" is not an instant')
  expect(status).toBe(1)
})
