/** The last four characters behind stars; a text of four or fewer shows none. */
export function last4(value: unknown): string {
  const characters = [...String(value)]
  return characters.length > 4 ? `****${characters.slice(-4).join('')}` : '****'
}

/** The first character behind stars: 王*. */
export function initial(value: unknown): string {
  const [first] = String(value).trim()
  return `${first ?? ''}*`
}

/** Always the same value. */
export function constant(value: string | number | boolean): () => string | number | boolean {
  return () => value
}

/** The bucket of a number between rising edges: `100–<500`, `<100`, `≥500`; null for what is no number. */
export function bucketOf(value: unknown, edges: readonly number[]): string | null {
  const number =
    typeof value === 'number' ? value : typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN
  if (Number.isNaN(number)) return null
  const above = edges.findIndex(edge => number < edge)
  if (above === 0) return `<${edges[0]}`
  return above === -1 ? `≥${edges.at(-1)}` : `${edges[above - 1]}–<${edges[above]}`
}

const REGIONS: Readonly<Record<string, string>> = {
  华北: '北京 天津 河北 山西 内蒙',
  东北: '辽宁 吉林 黑龙',
  华东: '上海 江苏 浙江 安徽 福建 江西 山东',
  华中: '河南 湖北 湖南',
  华南: '广东 广西 海南',
  西南: '重庆 四川 贵州 云南 西藏',
  西北: '陕西 甘肃 青海 宁夏 新疆',
  港澳台: '香港 澳门 台湾'
}
const MUNICIPALITIES = '北京 天津 上海 重庆'.split(' ')

/** The province that a Chinese address starts with; null when it starts with none. */
export function provinceOf(value: unknown): string | null {
  const text = String(value).trim().replace(/^中国/, '').trim()
  const start = text.slice(0, 2)
  if (!Object.values(REGIONS).some(names => names.split(' ').includes(start))) return null
  if (MUNICIPALITIES.includes(start)) return `${start}市`
  return (
    /^.{2,8}?(?:省|自治区|特别行政区)/.exec(text)?.[0] ??
    (start === '内蒙' || start === '黑龙' ? text.slice(0, 3) : start)
  )
}

/** The large region of the province that a Chinese address starts with. */
export function regionOf(value: unknown): string | null {
  const start = provinceOf(value)?.slice(0, 2)
  return (
    Object.entries(REGIONS).find(([, names]) => start !== undefined && names.split(' ').includes(start))?.[0] ?? null
  )
}
