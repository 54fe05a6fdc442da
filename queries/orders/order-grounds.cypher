/*
title: Grounds given for the orders
question: Which reasons were given for each order, by whom, and in which source? For which order does nobody give one?
category: Orders
params:
  - {name: order, type: entity, label: Order, required: false}
columns:
  - {name: order, type: entity}
  - {name: order_name, type: text}
  - {name: ground, type: text}
  - {name: source, type: text}
  - {name: said_by, type: text}
  - {name: status, type: text}
  - {name: hedge, type: text}
  - {name: rule, type: text}
  - {name: evidence, type: evidence}
view: table
example: {}
expect:
  count: 9
  rows:
    - [order-first, First account order (257 accounts), spreading inflammatory hashtags, Article A, Government of India, alleged, null, null, [a06]]
    - [order-first, First account order (257 accounts), supporting pro-Khalistan agenda, Article A, Government of India, alleged, null, null, [a07]]
    - [order-first, First account order (257 accounts), supporting pro-Pakistan agenda, Article A, Government of India, alleged, null, null, [a07]]
    - [order-first, First account order (257 accounts), spreading misinformation on farmers' protest, Article B, Ministry of Electronics and IT (MeitY), alleged, allegedly, null, [b05]]
    - [order-second, "Second account order (1,178 accounts)", spreading inflammatory hashtags, Article A, Government of India, alleged, null, null, [a06]]
    - [order-second, "Second account order (1,178 accounts)", supporting pro-Khalistan agenda, Article A, Government of India, alleged, null, null, [a07]]
    - [order-second, "Second account order (1,178 accounts)", supporting pro-Pakistan agenda, Article A, Government of India, alleged, null, null, [a07]]
    - [order-second, "Second account order (1,178 accounts)", spreading misinformation on farmers' protest, Article B, Ministry of Electronics and IT (MeitY), alleged, allegedly, null, [b05]]
    - [order-emergency, Emergency order on the hashtag, no source gives a reason with this order, null, null, not stated, null, null, [b11, b12]]
*/
MATCH (o:Order)
WHERE o.case = $case AND ($order IS NULL OR o.id = $order)
WITH o, o.id AS id
CALL (id) {
  OPTIONAL MATCH (c:Claim {subject: coalesce(id, '')})
  WHERE c.kind = 'ground' AND c.polarity = 'affirmative'
  RETURN collect(c) AS grounds
}
// Where nobody gives a reason, the passages that tell of the order stand as evidence of the gap.
CALL (id, grounds) {
  UNWIND grounds AS c
  RETURN c, replace(c.value, '_', ' ') AS ground, true AS given
  UNION ALL
  WITH id, grounds WHERE size(grounds) = 0
  MATCH (c:Claim {subject: id}) WHERE c.predicate IN ['ADDRESSED_TO', 'FLAGS']
  RETURN c, 'no source gives a reason with this order' AS ground, false AS given
  UNION ALL
  WITH id, grounds WHERE size(grounds) = 0
  MATCH (c:Claim {object: id}) WHERE c.predicate = 'ISSUED'
  RETURN c, 'no source gives a reason with this order' AS ground, false AS given
}
MATCH (c)<-[s:SUPPORTS]-(p:Passage)
MATCH (p)-[:FROM]->(src:Source)
WITH o, ground, given, s, p, src, s.said_by AS speaker_id
OPTIONAL MATCH (speaker:Entity {id: coalesce(speaker_id, '')})
WITH o, ground, given, p,
  CASE WHEN given THEN src.caption END AS source,
  CASE WHEN given THEN speaker.caption END AS said_by,
  CASE WHEN given THEN s.status ELSE 'not stated' END AS status,
  CASE WHEN given THEN s.hedge END AS hedge,
  CASE WHEN given THEN s.rule END AS rule
ORDER BY p.id
WITH o, ground, source, said_by, status, hedge, rule, collect(DISTINCT p.id) AS evidence
RETURN o.id AS order, o.caption AS order_name, ground, source, said_by, status, hedge, rule, evidence
ORDER BY o.kind, order, coalesce(source, ''), ground, status DESC, coalesce(said_by, ''),
  coalesce(rule, ''), coalesce(hedge, ''), evidence[0]
