import type { Random } from './random.ts'

/** What customers of the demo company write on their orders; most write nothing. */
const NOTES: readonly string[] = [
  '急用，麻烦今天发出',
  '加急加急，工地等着装',
  '不急，有空再发就行',
  '周五前一定要到，谢谢',
  '下周一以后再送，这几天出差',
  '周末家里没人，请工作日送',
  '只有周六日在家，麻烦周末派送',
  '放门口就行，不用打电话',
  '到了先打电话，别直接放柜子',
  '送货上门，老人在家，腿脚不便',
  '给爸妈买的，麻烦包装好一点',
  '生日礼物，不要放小票，可以写张贺卡吗',
  '发顺丰，其他快递不要',
  '别发极兔，上次丢件了',
  '两单一起发就可以',
  '有货的先发，没货的后面补',
  '开公司抬头的增值税发票',
  '发票抬头写错了，麻烦重开',
  '易碎，多包两层',
  '到店自提，明天下午过去',
  '车厘子请加冰袋，走冷链',
  '地址换成公司，电话不变',
  '保密发货，面单不要写品名',
  '上次的很好用，又来买了',
  '谢谢老板，祝生意兴隆',
  '晚上七点以后送，白天没人',
  '物业代收即可',
  '赶在中秋节前送到',
  '麻烦放丰巢，取件码发我',
  '不要打电话，在上课'
]

/** A note, or none. */
export function note(random: Random): string | undefined {
  return random.chance(0.45) ? random.pick(NOTES) : undefined
}

const SURNAMES = '王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗'
const GIVEN = [
  '伟',
  '芳',
  '娜',
  '敏',
  '静',
  '丽',
  '强',
  '磊',
  '军',
  '洋',
  '勇',
  '艳',
  '杰',
  '娟',
  '涛',
  '明',
  '超',
  '秀英',
  '霞',
  '平'
]

/** A made-up person's name. */
export function personName(random: Random): string {
  return random.pick([...SURNAMES]) + random.pick(GIVEN)
}
