import type { UserError } from './user-error.ts'

/** A refusal's text by language; `{name}` is replaced by the value of that name. It says what to do. */
export interface RefusalText {
  readonly en: string
  readonly zh: string
}

type Values = Readonly<Record<string, string | number>>

/** Makes one refusal; `path` is the place in the mutation's arguments, for example `['input', 'orderId']`. */
export type Refusal<Code extends string> = (
  code: Code,
  language: 'en' | 'zh',
  path?: readonly string[] | null,
  values?: Values
) => UserError

const COMMON = {
  NOT_FOUND: {
    en: 'There is no such object, or you may not see it. Check the id.',
    zh: '对象不存在，或您无权查看。请检查 ID。'
  },
  OUT_OF_SCOPE: {
    en: 'Your contract lets you read this but not change it. Ask its owner for write access.',
    zh: '您的合约允许读取此对象，但不允许修改。请向其所属部门申请写入权限。'
  },
  VERSION_CONFLICT: {
    en: 'Someone changed this after you read it. Read it again and send its new version.',
    zh: '在您读取之后，此对象已被他人修改。请重新读取，并提交新的版本号。'
  },
  IDEMPOTENCY_MISMATCH: {
    en: 'This idempotency key was already used with another input. Use a new key for a new request.',
    zh: '该幂等键已用于其他输入。新的请求请使用新的幂等键。'
  }
} as const satisfies Readonly<Record<string, RefusalText>>

/** Codes of refusals that every room may give. */
export type CommonRefusal = keyof typeof COMMON

/** A room's own table of refusals, beside the common ones (NOT_FOUND, OUT_OF_SCOPE, VERSION_CONFLICT, IDEMPOTENCY_MISMATCH). */
export function refusals<Table extends Readonly<Record<string, RefusalText>>>(
  table: Table
): Refusal<CommonRefusal | (keyof Table & string)> {
  const texts = new Map<string, RefusalText>(Object.entries({ ...COMMON, ...table }))
  return (code, language, path = null, values = {}) => {
    const text = texts.get(code)
    if (!text) throw new Error(`refusal ${code} has no text`)
    return { code, message: fill(text[language], values), path }
  }
}

/** A refusal that every room may give. */
export const refusal: Refusal<CommonRefusal> = refusals({})

function fill(text: string, values: Values): string {
  return text.replace(/\{(\w+)\}/g, (place, name: string) =>
    Object.hasOwn(values, name) ? String(values[name]) : place
  )
}
