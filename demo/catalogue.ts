/** What the demo company sells, who makes it, and where it lies. Prices in fen, weights in grams. */

export interface DemoProduct {
  readonly sku: string
  readonly name: string
  readonly category: string
  readonly price: number
  readonly weightGrams: number
  readonly supplierId: string
  /** What it is made of, for goods that a supplier makes to order. */
  readonly bom?: readonly { readonly component: string; readonly quantityPer: number; readonly leadTimeDays: number }[]
}

export const SUPPLIERS = [
  { id: 'acme-bearings', name: 'Acme Bearings 雅科轴承', stage: 'PILOT' },
  { id: 'northwind-foods', name: 'Northwind Foods 北风食品', stage: 'AGGREGATE' },
  { id: 'orient-filters', name: 'Orient Filters 东方滤材', stage: 'COLLABORATION' },
  { id: 'lotus-apparel', name: 'Lotus Apparel 莲衣服饰', stage: 'AGGREGATE' }
] as const

export const PRODUCTS: readonly DemoProduct[] = [
  {
    sku: 'BRG-6204',
    name: '深沟球轴承 6204',
    category: 'BEARINGS',
    price: 3_800,
    weightGrams: 110,
    supplierId: 'acme-bearings',
    bom: [
      { component: 'ring-inner-20', quantityPer: 1, leadTimeDays: 3 },
      { component: 'ring-outer-47', quantityPer: 1, leadTimeDays: 3 },
      { component: 'ball-7.9', quantityPer: 8, leadTimeDays: 2 },
      { component: 'cage-6204', quantityPer: 1, leadTimeDays: 4 }
    ]
  },
  {
    sku: 'BRG-22210',
    name: '调心滚子轴承 22210',
    category: 'BEARINGS',
    price: 26_900,
    weightGrams: 620,
    supplierId: 'acme-bearings',
    bom: [
      { component: 'roller-spherical', quantityPer: 38, leadTimeDays: 6 },
      { component: 'cage-brass', quantityPer: 1, leadTimeDays: 7 }
    ]
  },
  {
    sku: 'BRG-KIT',
    name: '轴承安装工具套装',
    category: 'TOOLS',
    price: 45_900,
    weightGrams: 2_300,
    supplierId: 'acme-bearings'
  },
  {
    sku: 'FLT-H13',
    name: '高效空气滤芯 H13',
    category: 'FILTERS',
    price: 15_900,
    weightGrams: 900,
    supplierId: 'orient-filters',
    bom: [
      { component: 'media-h13', quantityPer: 2, leadTimeDays: 5 },
      { component: 'frame-abs', quantityPer: 1, leadTimeDays: 2 }
    ]
  },
  {
    sku: 'FLT-RO400',
    name: '反渗透滤芯 400G',
    category: 'FILTERS',
    price: 32_900,
    weightGrams: 1_100,
    supplierId: 'orient-filters',
    bom: [
      { component: 'membrane-ro', quantityPer: 1, leadTimeDays: 8 },
      { component: 'shell-ro', quantityPer: 1, leadTimeDays: 3 }
    ]
  },
  {
    sku: 'FLT-PP5',
    name: 'PP 棉滤芯 五支装',
    category: 'FILTERS',
    price: 4_900,
    weightGrams: 400,
    supplierId: 'orient-filters'
  },
  {
    sku: 'FOOD-NUTS',
    name: '每日坚果礼盒',
    category: 'FOOD',
    price: 12_800,
    weightGrams: 1_500,
    supplierId: 'northwind-foods'
  },
  {
    sku: 'FOOD-CHERRY',
    name: '智利车厘子 2.5kg',
    category: 'FRESH',
    price: 19_900,
    weightGrams: 2_700,
    supplierId: 'northwind-foods'
  },
  {
    sku: 'FOOD-RICE',
    name: '五常大米 10kg',
    category: 'FOOD',
    price: 13_900,
    weightGrams: 10_100,
    supplierId: 'northwind-foods'
  },
  {
    sku: 'WEAR-COAT',
    name: '轻薄羽绒服',
    category: 'APPAREL',
    price: 39_900,
    weightGrams: 650,
    supplierId: 'lotus-apparel'
  },
  {
    sku: 'WEAR-SHIRT',
    name: '纯棉衬衫',
    category: 'APPAREL',
    price: 15_900,
    weightGrams: 300,
    supplierId: 'lotus-apparel'
  },
  {
    sku: 'WEAR-SHOE',
    name: '缓震跑鞋',
    category: 'APPAREL',
    price: 45_900,
    weightGrams: 900,
    supplierId: 'lotus-apparel'
  }
]

export const NODES = [
  { id: 'wh-east', name: '嘉兴仓', kind: 'WAREHOUSE', region: 'CN-ZJ' },
  { id: 'wh-south', name: '东莞仓', kind: 'WAREHOUSE', region: 'CN-GD' },
  { id: 'wh-north', name: '天津仓', kind: 'WAREHOUSE', region: 'CN-TJ' },
  { id: 'store-sh', name: '上海静安店', kind: 'STORE', region: 'CN-SH' },
  { id: 'store-cd', name: '成都春熙店', kind: 'STORE', region: 'CN-SC' }
] as const

export const CARRIERS = ['swift-express', 'SF', 'JD', 'ZTO', 'YTO'] as const

/** Province (ISO 3166-2) and city, with how many of the customers live there. */
export const PLACES: readonly (readonly [{ readonly region: string; readonly city: string }, number])[] = [
  [{ region: 'CN-SH', city: '上海' }, 5],
  [{ region: 'CN-ZJ', city: '杭州' }, 4],
  [{ region: 'CN-GD', city: '深圳' }, 5],
  [{ region: 'CN-BJ', city: '北京' }, 4],
  [{ region: 'CN-SC', city: '成都' }, 3],
  [{ region: 'CN-JS', city: '南京' }, 3],
  [{ region: 'CN-SD', city: '青岛' }, 2],
  [{ region: 'CN-HB', city: '武汉' }, 2]
]

/** Bills of materials of the goods that are made to order. */
export const BOMS = PRODUCTS.flatMap(({ sku, bom }) => (bom ? [{ sku, lines: bom }] : []))

/** On-hand figures by node and SKU: bearings and one filter are scarce, so that live orders make suppliers produce. */
export function stockFigures(occurredAt: string) {
  return NODES.flatMap(({ id: nodeId, kind }, n) =>
    PRODUCTS.map(({ sku, bom }, p) => ({
      nodeId,
      sku,
      onHand: kind === 'STORE' ? (bom ? 0 : 6) : bom ? (n + p) % 5 : 120 + 40 * ((n + p) % 4),
      source: kind === 'STORE' ? 'pos' : 'wms',
      occurredAt
    }))
  )
}
