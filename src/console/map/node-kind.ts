/** What a node is, as far as its type tells: it chooses the picture. */
export type NodeKind =
  | 'client'
  | 'service'
  | 'function'
  | 'queue'
  | 'topic'
  | 'table'
  | 'database'
  | 'bucket'
  | 'gateway'
  | 'remote'
  | 'aws'

const KINDS: readonly (readonly [prefix: string, kind: NodeKind])[] = [
  ['AWS::Lambda', 'function'],
  ['AWS::SQS', 'queue'],
  ['AWS::Kinesis', 'queue'],
  ['AWS::SNS', 'topic'],
  ['AWS::Events', 'topic'],
  ['AWS::DynamoDB', 'table'],
  ['AWS::RDS', 'database'],
  ['AWS::ElastiCache', 'database'],
  ['Database::', 'database'],
  ['AWS::S3', 'bucket'],
  ['AWS::ApiGateway', 'gateway'],
  ['AWS::AppSync', 'gateway'],
  ['AWS::ElasticLoadBalancing', 'gateway'],
  ['AWS::EC2', 'service'],
  ['AWS::ECS', 'service'],
  ['AWS::EKS', 'service'],
  ['AWS::ElasticBeanstalk', 'service'],
  ['AWS::AppRunner', 'service'],
  ['AWS::', 'aws'],
]

const SEVERAL: Readonly<Record<NodeKind, string>> = {
  client: 'clients',
  service: 'services',
  function: 'functions',
  queue: 'queues',
  topic: 'topics',
  table: 'tables',
  database: 'databases',
  bucket: 'buckets',
  gateway: 'gateways',
  remote: 'hosts',
  aws: 'AWS services',
}

/** The kind of a node by its type (spec/query §3.2). What has no type is a service. */
export function kindOf(node: { readonly type?: string; readonly client: boolean }): NodeKind {
  if (node.client) return 'client'
  const { type } = node
  if (type === undefined) return 'service'
  if (type === 'remote') return 'remote'
  return KINDS.find(([prefix]) => type.startsWith(prefix))?.[1] ?? 'service'
}

/** The word for several of a kind. */
export function kindWord(kind: NodeKind): string {
  return SEVERAL[kind]
}

/** The type of a node in words: its own text, or what stands for it where there is none. */
export function typeText(node: { readonly type?: string; readonly client: boolean }): string {
  if (node.client) return 'client'
  return node.type ?? 'no type'
}
