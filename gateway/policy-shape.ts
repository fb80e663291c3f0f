import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js'
import formatsPlugin from 'ajv-formats'
import type { ContractDocument } from '../policies/contract.ts'
import { CONTRACT_SCHEMA } from '../policies/contract-schema.ts'
import { DIRECTORY_SCHEMA, type DirectoryDocument } from '../policies/directory.ts'
import { type Path, type Problem, reporter, type Source } from '../policies/problem.ts'

const ajv = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true })
formatsPlugin.default(ajv, ['date'])
const isContract: ValidateFunction<ContractDocument> = ajv.compile<ContractDocument>(CONTRACT_SCHEMA)
const isDirectory: ValidateFunction<DirectoryDocument> = ajv.compile<DirectoryDocument>(DIRECTORY_SCHEMA)

/** A value of the wished shape, or why it has not got it. */
export type Shaped<T> =
  | { readonly document: T; readonly problems: readonly [] }
  | { readonly document: null; readonly problems: readonly Problem[] }

/** Reads a parsed value as a contract. */
export function readContract(value: unknown, source: Source): Shaped<ContractDocument> {
  return isContract(value) ? { document: value, problems: [] } : refused(isContract, source)
}

/** Reads a parsed value as the directory of consumers and people. */
export function readDirectoryDocument(value: unknown, source: Source): Shaped<DirectoryDocument> {
  return isDirectory(value) ? { document: value, problems: [] } : refused(isDirectory, source)
}

function refused(validate: ValidateFunction, source: Source): { document: null; problems: readonly Problem[] } {
  const problems: Problem[] = []
  const report = reporter(source, problems)
  for (const error of worthSaying(validate.errors ?? [])) {
    const path = error.instancePath
      .split('/')
      .slice(1)
      .map(step => (/^\d+$/.test(step) ? Number(step) : step))
    const [at, message, remedy] = explain(error, path)
    report.error(at, message, remedy)
  }
  return { document: null, problems }
}

/** Of an alternative that fails, the failures of its branches only repeat it. */
function worthSaying(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const alternatives = errors.filter(e => e.keyword === 'oneOf').map(e => e.schemaPath)
  return errors.filter(e => !alternatives.some(path => e.schemaPath !== path && e.schemaPath.startsWith(`${path}/`)))
}

function explain(error: ErrorObject, path: Path): [Path, string, string] {
  const params = error.params as Readonly<Record<string, unknown>>
  const name = path.at(-1) ?? 'the document'
  switch (error.keyword) {
    case 'additionalProperties':
      return [
        [...path, String(params['additionalProperty'])],
        `"${String(params['additionalProperty'])}" is not a clause here`,
        'Remove it, or correct its name'
      ]
    case 'required':
      return [path, `"${String(params['missingProperty'])}" is missing`, `Add ${String(params['missingProperty'])}`]
    case 'enum':
      return [
        path,
        `${String(name)} is not known`,
        `Use one of ${(params['allowedValues'] as readonly unknown[]).join(', ')}`
      ]
    case 'oneOf':
      return [
        path,
        `${String(name)} is none of the forms that it can have`,
        'See contract.schema.json, or let an editor complete it'
      ]
    default:
      return [path, `${String(name)} ${error.message ?? 'is wrong'}`, 'See contract.schema.json']
  }
}
