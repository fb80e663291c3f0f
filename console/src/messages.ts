export type Language = 'en' | 'zh'

/** Everything the page says. */
export interface Messages {
  readonly lead: string
  readonly language: string
  readonly state: string
  readonly asking: string
  readonly ready: string
  readonly notReady: string
  readonly unreachable: string
  readonly version: string
  readonly profile: string
  readonly caughtUp: string
  readonly behind: string
  readonly checked: string
  readonly door: string
  readonly doorHelp: string
  readonly documents: string
  readonly honest: string
  readonly honestText: string
}

export const MESSAGES: Readonly<Record<Language, Messages>> = {
  en: {
    lead: 'Orders as a service behind one GraphQL door: five rooms, one log, one book of contracts.',
    language: 'Language',
    state: 'State',
    asking: 'Asking…',
    ready: 'Ready',
    notReady: 'Not ready',
    unreachable: 'No answer',
    version: 'Version',
    profile: 'Profile',
    caughtUp: 'has read the log to its end',
    behind: 'is behind the log',
    checked: 'Asked at',
    door: 'GraphQL endpoint',
    doorHelp: 'Every caller needs a token, and sees what its contracts grant. In a development profile:',
    documents: 'Documents',
    honest: 'What this page is not',
    honestText:
      'The console’s screens (orders, contracts, health) are not built yet. This page only shows whether the gateway answers. Everything it can do is behind the GraphQL endpoint and the oaas command.'
  },
  zh: {
    lead: '订单即服务，一个 GraphQL 入口：五个房间、一份日志、一本契约。',
    language: '语言',
    state: '状态',
    asking: '查询中…',
    ready: '就绪',
    notReady: '未就绪',
    unreachable: '没有应答',
    version: '版本',
    profile: '运行配置',
    caughtUp: '已读到日志末尾',
    behind: '落后于日志',
    checked: '查询时间',
    door: 'GraphQL 端点',
    doorHelp: '每个调用者都需要令牌，只能看到契约授予的内容。开发配置下：',
    documents: '文档',
    honest: '本页不是什么',
    honestText:
      '控制台的各个界面（订单、契约、健康度）尚未建成。本页只显示网关是否应答；现有的全部能力都在 GraphQL 端点和 oaas 命令里。'
  }
}
