import { didYouMean } from './closest.ts'
import type { Contract, ContractDocument, Signature } from './contract.ts'
import { SIGNING_ROLES } from './contract.ts'
import type { Directory } from './directory.ts'
import type { Graph } from './graph.ts'
import { type Problem, reporter } from './problem.ts'

/** What is wrong with a contract's head: parties, validity, signatures, and who declassifies. Its grants are read by `readGrants`. */
export function checkHead({ document, source }: Contract, graph: Graph, directory: Directory): readonly Problem[] {
  const problems: Problem[] = []
  const { error } = reporter(source, problems)
  const { provider, consumer, valid } = document
  const departments = [...graph.ownership.departments]
  const parties = [...new Set(directory.consumers.map(c => c.party))]
  if (!departments.includes(provider)) {
    error(
      ['provider'],
      `"${provider}" owns nothing in the graph${didYouMean(provider, departments)}`,
      `Name one of ${departments.join(', ')}`
    )
  }
  if (!parties.includes(consumer)) {
    error(
      ['consumer'],
      `no consumer belongs to the party "${consumer}"${didYouMean(consumer, parties)}`,
      'Add one to consumers.yaml'
    )
  }
  if (provider === consumer)
    error(['consumer'], `${provider} shares with itself`, 'A department sees what it owns without a contract')
  if (valid.from > valid.until)
    error(['valid'], `it ends on ${valid.until}, before it begins on ${valid.from}`, 'Swap or correct the days')
  checkSignatures(document, directory, error)
  document.declassify?.forEach((clause, i) => {
    const [type = '', field = ''] = clause.source.split('.')
    const owner = graph.ownership.owner(type, field)
    const person = directory.people.find(p => p.id === clause.by)
    if (!graph.field(type, field)) {
      error(['declassify', i, 'source'], `there is no field ${clause.source}`, 'Name the fact as Type.field')
    } else if (person?.department !== owner) {
      error(
        ['declassify', i, 'by'],
        `${clause.source} belongs to ${owner ?? 'nobody'}, and ${clause.by} is not one of theirs`,
        `Let a person of ${owner ?? 'its owner'} sign (K5)`
      )
    }
    if (!graph.ownership.sources(clause.through).includes(clause.source)) {
      error(
        ['declassify', i, 'through'],
        `${clause.through} is not built from ${clause.source}`,
        'Remove the clause, or correct it (K5)'
      )
    }
  })
  return problems
}

type Report = ReturnType<typeof reporter>['error']

function checkSignatures(document: ContractDocument, directory: Directory, error: Report): void {
  const valid = document.signatures.filter((signature, i) => isSound(signature, i, directory, error))
  if (document.status !== 'FINALIZED') return
  const missing = SIGNING_ROLES.filter(role => !valid.some(s => s.role === role))
  if (missing.length) {
    error(
      ['signatures'],
      `it is FINALIZED without a signature of ${missing.join(' and ')}`,
      'Get it signed, or set an earlier status'
    )
  }
  const owners = valid.some(
    s => s.role === 'business' && directory.people.find(p => p.id === s.person)?.department === document.provider
  )
  if (!owners && !missing.includes('business')) {
    error(
      ['signatures'],
      `nobody of ${document.provider} signed for the business`,
      'Only the owner’s own signature opens its data (K2)'
    )
  }
}

function isSound({ person: id, role }: Signature, i: number, { people }: Directory, error: Report): boolean {
  const person = people.find(p => p.id === id)
  if (!person) {
    const ids = people.map(p => p.id)
    error(
      ['signatures', i, 'person'],
      `"${id}" is nobody who signs${didYouMean(id, ids)}`,
      'Add the person to consumers.yaml'
    )
    return false
  }
  if (person.role !== role) {
    error(
      ['signatures', i, 'role'],
      `${person.name} signs as ${person.role}, not as ${role}`,
      `Let someone whose role is ${role} sign`
    )
    return false
  }
  return true
}
