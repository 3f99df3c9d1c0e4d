/**
 * Global object identification: base64url of `version:Type:id`. Opaque to clients; the version lets the form change without
 * misreading ids that clients have kept.
 */
const VERSION = '1';
export type NodeType = 'ApiKey' | 'Campaign' | 'Export' | 'Material' | 'Measurement' | 'Model' | 'Webhook';
const NODE_TYPES: readonly string[] = [
  'ApiKey',
  'Campaign',
  'Export',
  'Material',
  'Measurement',
  'Model',
  'Webhook',
] satisfies readonly NodeType[];

export function toGlobalId(type: NodeType, id: string): string {
  return Buffer.from(`${VERSION}:${type}:${id}`, 'utf8').toString('base64url');
}

/** Null for anything that `toGlobalId` did not make. */
export function fromGlobalId(globalId: string): { readonly type: NodeType; readonly id: string } | null {
  const match = /^1:([A-Za-z]+):(.+)$/su.exec(Buffer.from(globalId, 'base64url').toString('utf8'));
  const [, type, id] = match ?? [];
  if (type === undefined || id === undefined || !NODE_TYPES.includes(type)) return null;
  // One id, one spelling: what decodes by leniency (padding, stray characters) is not an id of ours.
  return toGlobalId(type as NodeType, id) === globalId ? { type: type as NodeType, id } : null;
}
