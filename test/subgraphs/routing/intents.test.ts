import { ruleModel } from '../../../subgraphs/routing/intents/rule-model.ts'

/** A Monday. */
const AT = '2026-03-02T10:00:00+08:00'

function detect(text: string, at = AT) {
  return ruleModel.detect({ text, at, zone: 'Asia/Shanghai' })
}

const codes = (text: string, at?: string): readonly string[] => detect(text, at).map(intent => intent.code)

describe('what a note asks for', () => {
  it.each([
    ['麻烦尽快发货', ['URGENT']],
    ['这件不急，有空再发', ['NOT_URGENT']],
    ['一点都不着急', ['NOT_URGENT']],
    ['公司地址，周末没人收', ['AVOID_WEEKEND']],
    ['工作日送', ['AVOID_WEEKEND']],
    ['只有周末在家', ['WEEKEND_ONLY']],
    ['我自己到店取', ['STORE_PICKUP']],
    ['放驿站就行', ['LEAVE_AT']],
    ['不要放驿站', ['TO_DOOR']],
    ['请送货上门', ['TO_DOOR']],
    ['来之前打个电话', ['CALL_FIRST']],
    ['请不要打电话', ['NO_CALL']],
    ['收件人电话写错了', ['ADDRESS_CHANGE']],
    ['生日礼物，帮我写张贺卡', ['GIFT']],
    ['给奶奶买的', ['ELDERLY_RECIPIENT']],
    ['易碎，轻拿轻放', ['FRAGILE']],
    ['全程冷链', ['COLD_CHAIN']],
    ['面单别写品名', ['DISCREET']],
    ['两单一起发', ['MERGE_SHIPMENT']],
    ['有货的先发', ['SPLIT_SHIPMENT']],
    ['拍错了，取消订单', ['CANCEL']],
    ['质量太差，退货', ['RETURN']],
    ['小了，换大一码', ['EXCHANGE']],
    ['漏发一件，补发', ['RESHIP']],
    ['开一张电子发票', ['INVOICE']],
    ['请您補寄', ['RESHIP']]
  ])('reads %s as %j', (text, expected) => expect(codes(text)).toEqual(expected))

  it.each([
    '好评，谢谢老板',
    '能开发票不？我帮同事问问，自己不需要',
    '不是催单，只是问问',
    '上次走的是圆通',
    '客服说“加急费二十元”',
    ''
  ])('finds nothing in %j', text => expect(codes(text)).toEqual([]))

  it('hears several wishes in one note, in the order of the text', () => {
    expect(codes('发顺丰，易碎，到了打电话')).toEqual(['PREFER_CARRIER', 'FRAGILE', 'CALL_FIRST'])
  })

  it('does not take a threat for a wish', () => {
    expect(codes('再不发货就退款了')).not.toContain('RETURN')
  })

  it('says where the evidence stands in the text, and how sure it is', () => {
    const text = '你好，请尽快发货'
    const [urgent] = detect(text)
    expect(text.slice(...(urgent?.span ?? []))).toBe('尽快')
    expect(urgent?.confidence).toBeGreaterThan(0)
    expect(urgent?.confidence).toBeLessThanOrEqual(1)
  })
})

describe('carriers', () => {
  it.each([
    ['发顺丰', 'PREFER_CARRIER', ['SF']],
    ['不要邮政', 'AVOID_CARRIER', ['EMS']],
    ['顺丰或者京东都行，请用顺丰或京东发', 'PREFER_CARRIER', ['SF', 'JD']],
    ['别发极兔、申通', 'AVOID_CARRIER', ['JTEXPRESS', 'STO']]
  ])('reads %s as %s of %j', (text, code, carriers) => {
    const intent = detect(text).find(found => found.code === code)
    expect([...(intent?.carriers ?? [])].sort()).toEqual([...carriers].sort())
  })

  it('tells a refused carrier from a wanted one in the same sentence', () => {
    const found = detect('不要圆通，发中通')
    expect(found.map(({ code, carriers }) => [code, carriers])).toEqual([
      ['AVOID_CARRIER', ['YTO']],
      ['PREFER_CARRIER', ['ZTO']]
    ])
  })
})

describe('days', () => {
  it.each([
    ['周五前要到', 'DELIVER_BY', '2026-03-06'],
    ['10号之前送到', 'DELIVER_BY', '2026-03-10'],
    ['三天内送到', 'DELIVER_BY', '2026-03-05'],
    ['3月20日前寄到', 'DELIVER_BY', '2026-03-20'],
    ['1号前送到', 'DELIVER_BY', '2026-04-01'],
    ['赶在端午前送到', 'DELIVER_BY', '2026-06-19'],
    ['下周一以后再送', 'DELIVER_AFTER', '2026-03-09'],
    ['周三下午送', 'DELIVER_ON', '2026-03-04'],
    ['明天下午三点以后送', 'DELIVER_ON', '2026-03-03']
  ])('resolves %s to %s %s', (text, code, date) => {
    expect(detect(text).map(intent => [intent.code, intent.date])).toEqual([[code, date]])
  })

  it('counts days in the note’s zone, not in UTC', () => {
    // Five in the afternoon of Monday in UTC is Tuesday in Shanghai.
    expect(detect('明天送到家', '2026-03-02T17:00:00Z').find(i => i.code === 'DELIVER_ON')?.date).toBe('2026-03-04')
  })

  it('gives a recurring window the label and no day', () => {
    expect(detect('晚上七点后送').map(intent => [intent.code, intent.date])).toEqual([['DELIVER_ON', null]])
  })

  it('knows the eve of the new year by the moon', () => {
    expect(detect('除夕前送到', '2027-01-10T10:00:00+08:00')[0]?.date).toBe('2027-02-05')
    expect(detect('春节前送到', '2026-01-10T10:00:00+08:00')[0]?.date).toBe('2026-02-17')
  })

  it('does not read a building’s number as a day', () => {
    expect(codes('送到3号楼前台')).not.toContain('DELIVER_ON')
  })
})
