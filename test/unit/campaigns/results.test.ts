import { readCursor, writeCursor } from '../../../src/campaigns/results';

const campaign = { id: '01a207c9-0329-71f6-887a-d5ba569ee7c7' };

test('a cursor leads back to its place', () => {
  expect(readCursor(campaign, 'best', writeCursor(campaign, 'best', 120), 0)).toBe(120);
  expect(readCursor(campaign, 'best', null, 0)).toBe(0);
});

test.each([
  ['another list', writeCursor(campaign, 'front', 1), /another campaign or of another list/],
  ['another campaign', writeCursor({ id: campaign.id.replace('0', '1') }, 'best', 1), /another campaign/],
  ['nothing of ours', 'bm9uc2Vuc2U', /not a cursor/],
])('a cursor of %s is refused', (_, cursor, message) => {
  expect(() => readCursor(campaign, 'best', cursor, 0)).toThrow(message);
});
